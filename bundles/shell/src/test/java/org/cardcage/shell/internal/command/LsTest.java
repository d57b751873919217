package org.cardcage.shell.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LsTest {

    private final FakeTree tree = new FakeTree();
    private final Ls ls = new Ls(tree, Clock.fixed(FakeTree.TIME.plusSeconds(60), ZoneOffset.UTC));

    @BeforeEach
    void plug() {
        tree.directory("/dev");
        tree.device("/dev/edu0", 246, 0, new byte[0]);
        tree.device("/dev/edu1", 246, 1, new byte[0]);
        tree.link("/dev/edu", "edu0");
        tree.device("/dev/null", 1, 3, new byte[0]);
        tree.file("/.hidden", new byte[0]);
        tree.file("/notes", new byte[5000]);
    }

    @Test
    void aDeviceShowsItsNumbers() {
        assertThat(Run.of(ls, "-l", "/dev/edu0", "/dev/edu1"))
                .isEqualTo(new Run(
                        0,
                        "crw------- 1 root root 246, 0 Nov 20 09:21 /dev/edu0\n"
                                + "crw------- 1 root root 246, 1 Nov 20 09:21 /dev/edu1\n",
                        ""));
    }

    @Test
    void columnsAreAsWideAsTheirWidestEntry() {
        assertThat(Run.of(ls, "-l", "/dev").text()).isEqualTo("""
                        total 0
                        lrwxrwxrwx 1 root root      4 Nov 20 09:21 edu -> edu0
                        crw------- 1 root root 246, 0 Nov 20 09:21 edu0
                        crw------- 1 root root 246, 1 Nov 20 09:21 edu1
                        crw------- 1 root root   1, 3 Nov 20 09:21 null
                        """);
    }

    @Test
    void ordinaryFilesCountForTheTotal() {
        assertThat(Run.of(ls, "-l").text()).isEqualTo("""
                        total 8
                        drwxr-xr-x 2 root root 4096 Nov 20 09:21 dev
                        -rw-r--r-- 1 root root 5000 Nov 20 09:21 notes
                        """);
    }

    @Test
    void oldAndFutureTimesShowTheYear() {
        Clock late = Clock.fixed(FakeTree.TIME.plus(Duration.ofDays(200)), ZoneOffset.UTC);
        Clock early = Clock.fixed(FakeTree.TIME.minusSeconds(60), ZoneOffset.UTC);

        assertThat(Run.of(new Ls(tree, late), "-l", "/notes").text()).contains(" Nov 20  2026 /notes");
        assertThat(Run.of(new Ls(tree, early), "-l", "/notes").text()).contains(" Nov 20  2026 /notes");
    }

    @Test
    void hiddenNamesAppearWithAll() {
        assertThat(Run.of(ls).text()).isEqualTo("dev\nnotes\n");
        assertThat(Run.of(ls, "-a").text()).isEqualTo(".\n..\n.hidden\ndev\nnotes\n");
        assertThat(Run.of(ls, "-A").text()).isEqualTo(".hidden\ndev\nnotes\n");
    }

    @Test
    void namesStandInColumnsOnATerminalOnly() {
        assertThat(Run.of(ls, "/dev").text()).isEqualTo("edu\nedu0\nedu1\nnull\n");
        assertThat(Run.onTerminal(OptionalInt.of(80), ls, "/dev").text()).isEqualTo("edu  edu0  edu1  null\n");
        assertThat(Run.onTerminal(OptionalInt.of(12), ls, "/dev").text()).isEqualTo("edu   edu1\nedu0  null\n");
        assertThat(Run.onTerminal(OptionalInt.of(80), ls, "-1", "/dev").text()).isEqualTo("edu\nedu0\nedu1\nnull\n");
    }

    @Test
    void severalDirectoriesHaveHeadingsAfterTheFiles() {
        tree.directory("/tmp");

        assertThat(Run.of(ls, "/tmp", "/dev", "notes").text())
                .isEqualTo("notes\n\n/dev:\nedu\nedu0\nedu1\nnull\n\n/tmp:\n");
    }

    @Test
    void aDirectoryItselfIsShownOnRequest() {
        assertThat(Run.of(ls, "-d", "/dev").text()).isEqualTo("/dev\n");
    }

    @Test
    void inodeNumbersStandInFront() {
        assertThat(Run.of(ls, "-i", "/dev/edu0", "/dev/edu1").text()).isEqualTo("3 /dev/edu0\n4 /dev/edu1\n");
    }

    @Test
    void whatIsMissingIsNamedAndTheStatusIsTwo() {
        assertThat(Run.of(ls, "x", "/dev/edu0"))
                .isEqualTo(new Run(2, "/dev/edu0\n", "ls: cannot access 'x': No such file or directory\n"));
        assertThat(Run.of(ls, "/dev/edu0/").errors()).isEqualTo("ls: cannot access '/dev/edu0/': Not a directory\n");
    }
}
