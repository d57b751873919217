package org.cardcage.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
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

        complete("lsp", "cardcage> lspci");
        terminal.type("-s 00:04");
        complete("", "-s 00:04.0");
        terminal.keys("Enter");
        terminal.await("lspci -s 00:04.0\n00:04.0 .*\ncardcage> $");

        terminal.clear();
        complete("modprobe --f", "modprobe --first-time");

        terminal.clear();
        complete("insmod e", "insmod edu");
        terminal.keys("Enter");
        terminal.await("insmod edu\ncardcage> $");
        complete("rmmod ", "rmmod edu");

        terminal.clear();
        complete("echo 5 > /d", "echo 5 > /dev/");
        terminal.keys("edu0", "Enter");
        terminal.await("echo 5 > /dev/edu0\ncardcage> $");

        terminal.clear();
        complete("cat a", "cat a\\ dir/");
        complete("f", "cat a\\ dir/file\\ one.txt");
        terminal.keys("Enter");
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
        terminal.keys("echo ready; cat", "Enter");
        terminal.await("\nready$");
        terminal.keys("typed", "Enter");
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

    @Test
    void theSessionInTheDocumentIsWhatTheScreenShows() throws Exception {
        Files.writeString(folder.resolve("four bytes"), "\u0004\u0003\u0002\u0001");
        start();

        complete("lsp", "lspci");
        terminal.type("-n -s 00:04");
        complete("", "-s 00:04.0");
        terminal.keys("Enter");
        terminal.await("rev 10\\)\ncardcage> $");
        complete("insm", "insmod");
        complete("e", "insmod edu");
        terminal.keys("read_mode=2", "Enter");
        terminal.await("read_mode=2\ncardcage> $");
        terminal.keys("echo nothing to read yet; cat /dev/edu0; echo not reached", "Enter");
        terminal.await("\nnothing to read yet$");
        terminal.keys("C-c");
        terminal.await("\\^C\ncardcage> $");
        terminal.keys("echo $?", "Enter");
        terminal.await("\n130\ncardcage> $");
        complete("echo 5 > /d", "> /dev/");
        terminal.keys("edu0", "Enter");
        terminal.await("/dev/edu0\ncardcage> $");
        terminal.keys("Up", "Up", "Up", "C-a", "C-k", "cat /dev/edu0 | hexdump -C", "Enter");
        terminal.await("00000004\ncardcage> $");
        complete("cat f", "cat four\\ bytes");
        terminal.keys("| hexdump -C", "Enter");
        terminal.await("04 03 02 01[^$]*00000004\ncardcage> $");
        terminal.keys("echo five > /dev/edu0", "Enter");
        terminal.await("Invalid argument\ncardcage> $");
        complete("rmmod e", "rmmod edu");
        terminal.keys("Enter");
        terminal.await("rmmod edu\ncardcage> $");
        terminal.keys("exit", "Enter");
        String screen = terminal.await("exit\n.*ended with 0");

        String document = Files.readString(Path.of(CardcageProcess.SCRIPT)
                .resolve("../../docs/terminal.md")
                .normalize());
        String block = document.replaceAll("(?s).*\n```\n(.*?)```\n.*", "$1");
        assertThat(screen.replaceFirst("(?s)ended with 0.*", "").replaceAll("(?m) +$", ""))
                .isEqualTo(block);
    }

    /** Types a text and Tab, and waits for what the line becomes. */
    private void complete(String text, String completed) throws Exception {
        if (!text.isEmpty()) {
            terminal.type(text);
        }
        terminal.keys("Tab");
        terminal.await(Pattern.quote(completed) + "$");
    }
}
