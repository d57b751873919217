package org.cardcage.qemu.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class QtestTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private final Heard heard = new Heard();
    private FakeServer server;
    private Qtest qtest;

    @BeforeEach
    void connect() throws IOException {
        server = new FakeServer(folder);
        qtest = connect(LONG);
    }

    private Qtest connect(Duration patience) throws IOException {
        return new Qtest(
                server.client(),
                "test/qtest",
                patience,
                heard,
                why -> new QemuGoneException("end: " + why.getMessage()));
    }

    @AfterEach
    void close() throws IOException {
        qtest.close();
        server.close();
    }

    @Test
    void eachCommandIsALineAsQemuWantsIt() throws IOException {
        Commands commands = qtest.commands();
        commands.in(0xcfc, 2);
        commands.out(0xcf8, 4, 0x8000_2004);
        commands.read(0xffff_ffff_ffff_fff8L, 8);
        commands.write(0xfe00_0000L, 1, -1);
        commands.readBlock(0x1000, 3);
        commands.writeBlock(0x1000, new byte[] {1, (byte) 0xff});
        commands.fill(0x2000, 16, 0xa5);
        commands.clockStep(100);
        commands.clockStep();
        commands.clockSet(7);
        commands.interceptIrqIn("ioapic");
        commands.send();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            seen.add(server.next());
        }
        assertThat(seen)
                .containsExactly(
                        "inw 0xcfc",
                        "outl 0xcf8 0x80002004",
                        "readq 0xfffffffffffffff8",
                        "writeb 0xfe000000 0xff",
                        "read 0x1000 0x3",
                        "write 0x1000 0x2 0x01ff",
                        "memset 0x2000 0x10 0xa5",
                        "clock_step 100",
                        "clock_step",
                        "clock_set 7",
                        "irq_intercept_in ioapic");
    }

    @Test
    void answersBelongToTheirCommands() throws IOException {
        Commands commands = qtest.commands();
        Reply number = commands.read(0, 8);
        Reply block = commands.readBlock(0, 2);
        Reply time = commands.clockStep(5);
        Reply nothing = commands.write(0, 4, 1);
        commands.send();
        server.say("OK 0xfffffffffffffff0\nOK 0x01f");
        server.say("f\nOK 5\nOK\n");
        assertThat(nothing.text()).isEmpty();
        assertThat(number.value()).isEqualTo(-16);
        assertThat(block.bytes()).containsExactly(1, -1);
        assertThat(time.value()).isEqualTo(5);
    }

    @Test
    void aRefusalIsOfOneCommandOnly() throws IOException {
        Commands commands = qtest.commands();
        Reply refused = commands.clockSet(0);
        Reply next = commands.read(0, 4);
        commands.send();
        server.say("FAIL Can't step clock backwards\nOK 0x1\n");
        assertThatThrownBy(refused::value)
                .isInstanceOf(QtestRefusedException.class)
                .hasMessage("QEMU refuses 'clock_set 0': Can't step clock backwards");
        assertThat(next.value()).isEqualTo(1);
        assertThat(qtest.end()).isNull();
    }

    @Test
    void interruptLinesAreToldBeforeTheAnswersAfterThem() throws IOException {
        for (int i = 0; i < 100; i++) {
            Commands commands = qtest.commands();
            Reply reply = commands.read(0, 4);
            commands.send();
            server.say("IRQ raise 11\nIRQ lower 11\nOK 0x1\nIRQ raise 3\n");
            reply.value();
            assertThat(heard.lines).startsWith("11 raised", "11 lowered");
            Reply second = commands.read(0, 4);
            commands.send();
            server.say("OK 0x1\n");
            second.value();
            assertThat(heard.lines).containsExactly("11 raised", "11 lowered", "3 raised");
            heard.lines.clear();
        }
    }

    @Test
    void commandsOfOneListStayTogether() throws Exception {
        int threads = 4;
        int rounds = 2000;
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int port = 0x100 * (thread + 1);
                done.add(callers.submit(() -> {
                    for (int round = 0; round < rounds; round++) {
                        Commands commands = qtest.commands();
                        commands.out(port, 4, round);
                        Reply reply = commands.in(port, 4);
                        commands.send();
                        assertThat(reply.value()).isEqualTo(round);
                    }
                    return null;
                }));
            }
            for (int i = 0; i < threads * rounds; i++) {
                String[] out = server.next().split(" ");
                String[] in = server.next().split(" ");
                assertThat(in[1]).isEqualTo(out[1]);
                server.say("OK\nOK " + out[2] + "\n");
            }
            for (Future<?> future : done) {
                future.get();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void anInterruptedThreadGetsItsAnswerAndTheConnectionLives() throws IOException {
        Thread.currentThread().interrupt();
        Commands commands = qtest.commands();
        Reply reply = commands.read(0, 4);
        commands.send();
        CompletableFuture<Void> answer = CompletableFuture.runAsync(() -> {
            server.next();
            server.say("OK 0x7\n");
        });
        assertThat(reply.value()).isEqualTo(7);
        assertThat(Thread.interrupted()).isTrue();
        answer.join();
        assertThat(qtest.end()).isNull();
    }

    @Test
    void moreThanTheSocketHoldsIsSentAsTheServerReads() throws Exception {
        int writes = 9_000;
        byte[] block = new byte[512];
        Commands commands = qtest.commands();
        for (int i = 0; i < writes; i++) {
            commands.writeBlock(i, block);
            commands.send();
        }
        Reply last = commands.read(0, 4);
        commands.send();
        for (int i = 0; i < writes; i++) {
            assertThat(server.next()).startsWith("write 0x" + Integer.toHexString(i) + " ");
            server.say("OK\n");
        }
        assertThat(server.next()).isEqualTo("readl 0x0");
        server.say("OK 0x1\n");
        assertThat(last.value()).isEqualTo(1);
    }

    @Test
    void theEndOfTheConnectionEndsEverybodyAndIsToldOnce() throws Exception {
        Commands commands = qtest.commands();
        Reply answered = commands.read(0, 4);
        Reply never = commands.read(0, 4);
        commands.send();
        server.next();
        server.next();
        server.say("OK 0x1\n");
        server.close();
        assertThatThrownBy(never::value)
                .isInstanceOf(QemuGoneException.class)
                .hasMessage("end: QEMU has closed the connection");
        assertThat(answered.value()).isEqualTo(1);
        assertThat(heard.ends.poll(60, SECONDS)).hasMessage("end: QEMU has closed the connection");
        assertThatThrownBy(() -> qtest.read(0, 4)).isInstanceOf(QemuGoneException.class);
        assertThat(qtest.end()).isNotNull();
        qtest.close();
        assertThat(heard.ends).isEmpty();
    }

    @Test
    void aSilentServerIsGivenUp() throws Exception {
        qtest.close();
        server.close();
        server = new FakeServer(java.nio.file.Files.createTempDirectory(folder, "again"));
        qtest = connect(Duration.ofMillis(200));
        assertThatThrownBy(() -> qtest.read(0x10, 4))
                .isInstanceOf(QemuGoneException.class)
                .hasMessageContaining("has not answered 'readl 0x10'");
        assertThat(heard.ends.poll(60, SECONDS)).isNotNull();
    }

    @Test
    void nonsenseEndsTheConnection() throws Exception {
        server.say("hello\n");
        assertThat(heard.ends.poll(60, SECONDS)).hasMessageContaining("'hello', which is not an answer to anything");
    }

    @Test
    void closingFailsWhatIsDueAndTellsNobody() throws IOException {
        Commands commands = qtest.commands();
        Reply reply = commands.read(0, 4);
        commands.send();
        qtest.close();
        assertThatThrownBy(reply::value).isInstanceOf(QemuGoneException.class).hasMessage("QEMU was ended, as asked");
        assertThat(heard.ends).isEmpty();
    }

    @Test
    void aReplyThatWasNotSentIsNotWaitedFor() {
        Reply reply = qtest.commands().read(0, 4);
        assertThatThrownBy(reply::value).isInstanceOf(IllegalStateException.class);
    }
}
