package org.cardcage.shell.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RmTest {

    private final FakeTree tree = new FakeTree();
    private final Rm rm = new Rm(tree);

    @BeforeEach
    void plant() {
        tree.directory("/tmp");
        tree.directory("/tmp/a");
        tree.file("/tmp/a/one", new byte[1]);
        tree.file("/tmp/a/two", new byte[2]);
        tree.mount("/host");
        tree.directory("/host/home");
        tree.file("/host/home/thesis", new byte[3]);
    }

    @Test
    void theRootIsNotRemoved() {
        assertThat(Run.of(rm, "-rf", "/")).isEqualTo(new Run(1, "", """
                        rm: it is dangerous to operate recursively on '/'
                        rm: use --no-preserve-root to override this failsafe
                        """));
        assertThat(Run.of(rm, "-rf", "//").errors())
                .startsWith("rm: it is dangerous to operate recursively on '//' (same");
        assertThat(tree.has("/tmp/a/one")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tmp/..", "/tmp/a/.", "..", "."})
    void whereOneStandsIsNotRemoved(String word) {
        assertThat(Run.of(rm, "-r", word))
                .isEqualTo(new Run(1, "", "rm: refusing to remove '.' or '..' directory: skipping '" + word + "'\n"));
        assertThat(tree.has("/tmp/a/one")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/host", "/host/"})
    void aMountPointIsNotRemoved(String word) {
        assertThat(Run.of(rm, "-rf", word, "/tmp"))
                .isEqualTo(new Run(1, "", "rm: skipping '" + word + "', since it's on a different device\n"));
        assertThat(tree.has("/host/home/thesis")).isTrue();
        assertThat(tree.has("/tmp")).isFalse();
    }

    @Test
    void nothingIsRemovedBehindAMountPointEvenWithTheFailsafeOff() {
        assertThat(Run.of(rm, "-rf", "--no-preserve-root", "/"))
                .isEqualTo(new Run(1, "", "rm: skipping '/host', since it's on a different device\n"));
        assertThat(tree.has("/host/home/thesis")).isTrue();
        assertThat(tree.has("/tmp")).isFalse();
    }

    @Test
    void aDirectoryOfAMountedFileSystemIsRemoved() {
        assertThat(Run.of(rm, "-r", "/host/home")).isEqualTo(new Run(0, "", ""));
        assertThat(tree.has("/host/home")).isFalse();
    }

    @Test
    void anErrorInATreeDoesNotKeepTheRest() {
        tree.lock("/tmp/a/one");

        assertThat(Run.of(rm, "-r", "/tmp"))
                .isEqualTo(new Run(1, "", "rm: cannot remove '/tmp/a/one': Permission denied\n"));
        assertThat(tree.has("/tmp/a/one")).isTrue();
        assertThat(tree.has("/tmp/a/two")).isFalse();
    }

    @Test
    void whatIsNotThereIsAnErrorUnlessForced() {
        assertThat(Run.of(rm, "/no")).isEqualTo(new Run(1, "", "rm: cannot remove '/no': No such file or directory\n"));
        assertThat(Run.of(rm, "-f", "/no")).isEqualTo(new Run(0, "", ""));
        assertThat(Run.of(rm, "/tmp")).isEqualTo(new Run(1, "", "rm: cannot remove '/tmp': Is a directory\n"));
    }
}
