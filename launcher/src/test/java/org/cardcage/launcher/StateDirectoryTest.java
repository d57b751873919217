package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    @TempDir
    private Path folder;

    @Test
    void aSecondOwnerIsRefused() throws Exception {
        try (StateDirectory first = StateDirectory.open(folder)) {
            assertThatThrownBy(() -> StateDirectory.open(first.root()))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(
                            "is in use by process " + ProcessHandle.current().pid())
                    .hasMessageContaining("--state DIR");
        }
        StateDirectory.open(folder).close();
    }

    @Test
    void whatARunLeftIsGoneAndWhatLastsStays() throws Exception {
        Files.createDirectories(folder.resolve("run/bundles/bundle1"));
        Files.writeString(folder.resolve("run/bundles/bundle1/old"), "stale");
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(folder.resolve("etc/modules"), "edu");

        try (StateDirectory state = StateDirectory.open(folder)) {
            assertThat(state.run()).isEmptyDirectory();
            assertThat(folder.resolve("etc/modules")).hasContent("edu");
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsSaid() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> StateDirectory.open(file.resolve("state")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cannot be used");
    }
}
