package org.cardcage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell on a terminal, as a person uses it. */
class TerminalIT {

    @TempDir
    private Path folder;

    private Tmux terminal;

    @BeforeEach
    void needsTmux() {
        if (!"1".equals(System.getenv("CARDCAGE_REQUIRE_ORACLES"))) {
            assumeTrue(Tmux.isInstalled(), "a terminal is played by tmux, which is missing");
        }
    }

    private void start(Map<String, String> environment) throws Exception {
        terminal = new Tmux(folder, environment);
    }

    private void start() throws Exception {
        start(Map.of());
    }

    @AfterEach
    void close() throws Exception {
        if (terminal != null) {
            terminal.close();
        }
    }

    @Test
    void tabCompletesCommandsOptionsModulesSlotsAndPaths() throws Exception {
        Files.writeString(Files.createDirectory(folder.resolve("a dir")).resolve("file one.txt"), "hello\n");
        start();

        terminal.keys("lsp", "Tab");
        terminal.await("^cardcage> lspci");
        terminal.type("-s 00:04");
        terminal.keys("Tab", "Enter");
        terminal.await("lspci -s 00:04.0\n00:04.0 .*\ncardcage> $");

        terminal.clear();
        terminal.keys("modprobe --f", "Tab");
        terminal.await("modprobe --first-time");

        terminal.clear();
        terminal.keys("insmod e", "Tab", "Enter");
        terminal.await("insmod edu\ncardcage> $");
        terminal.keys("rmmod ", "Tab");
        terminal.await("rmmod edu");

        terminal.clear();
        terminal.keys("echo 5 > /d", "Tab", "edu0", "Enter");
        terminal.await("echo 5 > /dev/edu0\ncardcage> $");

        terminal.clear();
        terminal.keys("cat a", "Tab", "f", "Tab", "Enter");
        terminal.await("cat a\\\\ dir/file\\\\ one.txt\nhello\ncardcage> $");
    }

    @Test
    void controlCEndsTheCommandAndTheSessionLivesOn() throws Exception {
        start();

        terminal.line("insmod edu read_mode=2");
        terminal.clear();
        terminal.keys("echo blocking; cat /dev/edu0; echo not reached", "Enter");
        terminal.await("\nblocking$");
        terminal.keys("C-c");
        assertThat(terminal.await("\\^C\ncardcage> $")).doesNotContain("\nnot reached");
        assertThat(terminal.line("echo status $?")).contains("\nstatus 130\n");
        assertThat(terminal.line("lsmod")).as("the file is closed").containsPattern("\nedu +\\d+  0\n");

        Files.writeString(folder.resolve("long"), "line\n".repeat(1_000_000));
        terminal.clear();
        terminal.keys("cat" + " long".repeat(20), "Enter");
        terminal.await("line\nline\nline$");
        terminal.keys("C-c");
        terminal.await("cardcage> $");
        terminal.keys("echo interrupted $?", "Enter");
        terminal.await("\ninterrupted 130\n");

        terminal.clear();
        terminal.keys("cat", "Enter", "typed", "Enter");
        terminal.await("typed\ntyped$");
        terminal.keys("C-c");
        terminal.await("cardcage> $");
        terminal.keys("Enter");
        assertThat(terminal.line("echo alive")).contains("\nalive\n");
    }

    @Test
    void binaryDataGoesThroughPipesAndRedirections() throws Exception {
        Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xf0, 0, 10, 13, (byte) 0xff, 4, 3});
        start();

        assertThat(terminal.line("cat bytes | cat | hexdump -C"))
                .contains("00000000  f0 00 0a 0d ff 04 03                              |.......|");
        terminal.line("cat bytes > copy");
        assertThat(folder.resolve("copy")).hasSameBinaryContentAs(folder.resolve("bytes"));
        terminal.line("insmod edu");
        terminal.line("echo 5 > /dev/edu0");
        assertThat(terminal.line("cat /dev/edu0 | hexdump -C")).contains("31 32 30 0a");
    }

    @Test
    void theLinesTypedAreThereInTheNextRun() throws Exception {
        start();
        terminal.line("echo remember me");
        terminal.clear();
        terminal.keys("exit 3", "Enter");
        assertThat(terminal.end()).isEqualTo(3);
        terminal.close();

        start();
        terminal.keys("Up", "Up");
        terminal.await("cardcage> echo remember me$");
        terminal.keys("Enter");
        terminal.await("\nremember me\ncardcage> $");
        terminal.keys("C-d");
        assertThat(terminal.end()).isZero();
    }

    @Test
    void aDumbTerminalIsEnough() throws Exception {
        start(Map.of("TERM", "dumb"));

        terminal.keys("insmod edu read_mode=2", "Enter");
        terminal.await("insmod edu read_mode=2\ncardcage> $");
        terminal.keys("echo blocking; cat /dev/edu0", "Enter");
        terminal.await("\nblocking$");
        terminal.keys("C-c");
        terminal.await("\\^C\ncardcage> $");
        terminal.keys("echo status $?", "Enter");
        terminal.await("\nstatus 130\ncardcage> $");
        terminal.keys("exit", "Enter");
        assertThat(terminal.end()).isEqualTo(0);
    }
}
