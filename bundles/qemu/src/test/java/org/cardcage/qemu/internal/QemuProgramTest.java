package org.cardcage.qemu.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QemuProgramTest {

    private static final String NEW = "echo 'QEMU emulator version 10.1.0 (Debian 1:10.1.0)'";
    private static final String WITHOUT_QTEST = """
            case "$*" in *-version*) %s ;; *) echo 'invalid accelerator qtest' >&2; exit 1 ;; esac
            """.formatted(NEW);

    @TempDir
    Path folder;

    private Path script(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    @Test
    void theVariableComesBeforeThePath() throws IOException {
        Path named = script("mine", NEW);
        script("qemu-system-x86_64", "echo 'QEMU emulator version 7.2.22'");
        Map<String, String> environment = Map.of("CARDCAGE_QEMU", named.toString(), "PATH", folder.toString());
        assertThat(QemuProgram.find(environment)).isEqualTo(new QemuProgram(named, "10.1.0"));
    }

    @Test
    void thePathIsSearched() throws IOException {
        Path found = script("qemu-system-x86_64", NEW);
        String path = "/nowhere:" + folder;
        assertThat(QemuProgram.find(Map.of("PATH", path)).path()).isEqualTo(found);
    }

    @Test
    void aMissingOneIsToldWithWhatToInstall() {
        assertThatThrownBy(() -> QemuProgram.find(Map.of("PATH", folder.toString())))
                .hasMessageContaining("no qemu-system-x86_64 on the PATH")
                .hasMessageContaining("qemu-system-x86")
                .hasMessageContaining("CARDCAGE_QEMU");
        assertThatThrownBy(() -> QemuProgram.find(
                        Map.of("CARDCAGE_QEMU", folder.resolve("none").toString())))
                .hasMessageContaining("which is not a program")
                .hasMessageContaining("install QEMU 10.1 or newer");
    }

    @Test
    void anOldOneIsToldWithItsVersion() throws IOException {
        Path old = script("old", "echo 'QEMU emulator version 10.0.6 (Debian)'");
        assertThatThrownBy(() -> QemuProgram.find(Map.of("CARDCAGE_QEMU", old.toString())))
                .hasMessageContaining("is QEMU 10.0.6, which is too old")
                .hasMessageContaining("install QEMU 10.1 or newer");
    }

    @Test
    void oneWithoutQtestIsToldWithItsWords() throws IOException {
        Path bare = script("bare", WITHOUT_QTEST);
        assertThatThrownBy(() -> QemuProgram.find(Map.of("CARDCAGE_QEMU", bare.toString())))
                .hasMessageContaining("cannot start with the qtest accelerator: 'invalid accelerator qtest'")
                .hasMessageContaining("install QEMU 10.1 or newer");
    }

    @Test
    void anotherProgramIsToldWithItsWords() throws IOException {
        Path other = script("other", "echo hello; exit 3");
        assertThatThrownBy(() -> QemuProgram.find(Map.of("CARDCAGE_QEMU", other.toString())))
                .hasMessageContaining("does not tell a version of QEMU but 'hello'");
    }

    @Test
    void theOneOfThisComputerIsGoodEnough() throws IOException {
        assertThat(QemuOracle.require().version()).matches("\\d+\\.\\d+.*");
    }
}
