package org.cardcage.qemu.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class QemuProcessTest {

    private static final String NAME = "process-test";

    private final Heard heard = new Heard();
    private QemuProgram program;

    @BeforeEach
    void find() throws IOException {
        program = QemuOracle.require();
    }

    private QemuProcess start(String... arguments) throws IOException {
        return QemuProcess.start(new QemuProcess.Setup(program, NAME, List.of(arguments), QemuProcess.PATIENCE, heard));
    }

    @Test
    void whatWouldOutliveUsIsNotStarted() {
        assertThatThrownBy(() -> start("-machine", "pc", "-daemonize"))
                .isInstanceOf(IOException.class)
                .hasMessage("QEMU must end with us, so leave out -daemonize");
    }

    @Test
    void aCardIsReadThroughPortsAndInterruptsAreTold() throws IOException {
        try (QemuProcess process = start("-machine", "pc", "-nodefaults", "-m", "16M", "-device", "edu,addr=4")) {
            Commands commands = process.qtest().commands();
            commands.interceptIrqIn("ioapic");
            commands.out(0xcf8, 4, 0x8000_2000);
            Reply id = commands.in(0xcfc, 4);
            commands.out(0xcf8, 4, 0x8000_2010);
            commands.out(0xcfc, 4, 0xe000_0000);
            commands.out(0xcf8, 4, 0x8000_2004);
            commands.out(0xcfc, 2, 2);
            commands.out(0xcf8, 4, 0x8000_0860);
            commands.out(0xcfc, 4, 0x0a0a_0a0a);
            commands.write(0xe000_0060L, 4, 1);
            commands.write(0xe000_0064L, 4, 1);
            Reply time = commands.clockStep(5);
            commands.send();
            assertThat(id.value()).isEqualTo(0x11e8_1234L);
            assertThat(time.value()).isEqualTo(5);
            assertThat(process.qtest().read(0xe000_0000L, 4)).isEqualTo(0x0100_00edL);
            assertThat(heard.lines).containsSubsequence("10 raised", "10 lowered");
        }
    }

    @Test
    void memoryIsWrittenAndReadInBlocks() throws IOException {
        try (QemuProcess process = start("-machine", "pc", "-nodefaults", "-m", "16M")) {
            Commands commands = process.qtest().commands();
            commands.fill(0x1000, 16, 0xa5);
            commands.writeBlock(0x1004, new byte[] {1, 2, 3});
            Reply block = commands.readBlock(0x1003, 5);
            commands.clockStep(5);
            Reply refused = commands.clockSet(1);
            commands.send();
            assertThat(block.bytes()).containsExactly((byte) 0xa5, (byte) 1, (byte) 2, (byte) 3, (byte) 0xa5);
            assertThatThrownBy(refused::value).isInstanceOf(QtestRefusedException.class);
        }
    }

    @Test
    void aKilledChildIsToldAtOnceWithItsStatus() throws Exception {
        try (QemuProcess process = start("-machine", "none")) {
            process.handle().destroyForcibly();
            assertThat(heard.ends.poll(60, SECONDS))
                    .isInstanceOf(QemuGoneException.class)
                    .hasMessageContaining("QEMU has ended with status 137");
            assertThatThrownBy(() -> process.qtest().read(0, 4)).isInstanceOf(QemuGoneException.class);
        }
    }

    @Test
    void aSentenceOfQemuIsInTheErrorWhenItDoesNotStart() {
        assertThatThrownBy(() -> start("-machine", "pc", "-device", "no-such-card"))
                .isInstanceOf(QemuGoneException.class)
                .hasMessageContaining("QEMU has ended with status 1")
                .hasMessageContaining("'no-such-card' is not a valid device model name");
        assertThat(heard.words).anyMatch(line -> line.contains("no-such-card"));
        assertThat(heard.ends).isEmpty();
    }

    @Test
    void closingEndsTheProcessItsWatcherAndItsThreads() throws Exception {
        QemuProcess process = start("-machine", "none");
        ProcessHandle handle = process.handle();
        List<ProcessHandle> watchers = handle.children().toList();
        Path socket = socket(handle);
        assertThat(socket.getParent()).doesNotExist();
        process.close();
        assertThat(handle.isAlive()).isFalse();
        for (ProcessHandle watcher : watchers) {
            watcher.onExit().get(60, SECONDS);
        }
        assertThat(watchers).hasSize(1);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith(NAME));
        assertThat(heard.ends).isEmpty();
    }

    private static Path socket(ProcessHandle qemu) {
        String address = Stream.of(qemu.info().arguments().orElseThrow())
                .filter(argument -> argument.startsWith("unix:"))
                .findFirst()
                .orElseThrow();
        return Path.of(address.substring("unix:".length(), address.indexOf(',')));
    }

    /** Also if the JVM gets no chance to tidy up. */
    @Test
    void theChildDoesNotOutliveTheJvm() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process jvm = new ProcessBuilder(
                        java.toString(), "-cp", System.getProperty("java.class.path"), Victim.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader words =
                new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
            ProcessHandle qemu =
                    ProcessHandle.of(Long.parseLong(words.readLine())).orElseThrow();
            assertThat(qemu.isAlive()).isTrue();
            jvm.destroyForcibly();
            qemu.onExit().get(60, SECONDS);
        } finally {
            jvm.destroyForcibly();
        }
    }
}
