package org.cardcage.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.cardcage.firmware.Firmware;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.DmaMemory;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.MachineListener;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The machine on a real QEMU. */
class QemuMachineTest {

    private static final FunctionAddress EDU = FunctionAddress.parse("00:04.0");
    private static final int IDS = 0x11e8_1234;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FACTORIAL = 0x08;
    private static final int STATUS = 0x20;
    private static final int PENDING = 0x24;
    private static final int RAISE = 0x60;
    private static final int ACKNOWLEDGE = 0x64;

    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final LiveScheduler scheduler = new LiveScheduler("qemu-test", (where, fault) -> faults.add(fault));
    private QemuMachine machine;

    @BeforeAll
    static void need() {
        RealQemu.orSkip();
    }

    @AfterEach
    void end() {
        if (machine != null) {
            machine.close();
            assertThat(machine.process().isAlive()).isFalse();
        }
        scheduler.close();
        assertThat(faults).isEmpty();
    }

    private QemuBuilder builder(String... arguments) {
        return QemuMachine.builder(scheduler)
                .arguments(arguments)
                .reporter(said::add)
                .firmware(m -> new Firmware(m, said::add).run());
    }

    private void start(String... arguments) throws IOException {
        machine = builder(arguments).start();
    }

    /** A card's registers, with memory decoding and bus mastering on. */
    private IoMemory registers(FunctionAddress card) {
        machine.writeConfig(card, 4, 2, machine.readConfig(card, 4, 2) | 6);
        return machine.map(machine.readConfig(card, 0x10, 4) & 0xffff_fff0L, 0x10_0000);
    }

    /** Either the thread of the access tells of a message, or the heartbeat, which may be a moment later. */
    private static void awaitCount(AtomicInteger count, int value) {
        await().atMost(PATIENCE).until(() -> count.get() >= value);
        assertThat(count).hasValue(value);
    }

    private List<String> functions() {
        List<String> found = new ArrayList<>();
        for (int bus = 0; bus < 4; bus++) {
            for (int place = 0; place < 256; place++) {
                FunctionAddress function = new FunctionAddress(0, bus, place >> 3, place & 7);
                int ids = machine.readConfig(function, 0, 4);
                if (ids != -1) {
                    found.add(String.format("%s %04x:%04x", function, ids & 0xffff, ids >>> 16));
                }
            }
        }
        return found;
    }

    @Test
    void aPcShowsItsFunctionsAndFirmwareHasGivenThemAddresses() throws Exception {
        start("-device", "edu,addr=4");
        assertThat(functions())
                .containsExactly(
                        "0000:00:00.0 8086:1237",
                        "0000:00:01.0 8086:7000",
                        "0000:00:01.1 8086:7010",
                        "0000:00:01.3 8086:7113",
                        "0000:00:04.0 1234:11e8");
        assertThat(machine.readConfig(EDU, 0x10, 4)).isEqualTo(0xfea0_0000);
        assertThat(machine.readConfig(EDU, 0x3c, 1)).isEqualTo(11);
        assertThat(machine.description().ram()).containsExactly(new AddressRange(0, 256 << 20));
        assertThat(machine.description().cpus()).isEqualTo(1);
        assertThat(machine.description().firmwareHasRun()).isTrue();
        assertThat(registers(EDU).read32(0)).isEqualTo(0x0100_00ed);
        assertThat(machine.readConfig(EDU, 0x100, 4))
                .as("no extended space on a PC")
                .isEqualTo(-1);
        assertThat(said).isEmpty();
    }

    @Test
    void laterArgumentsWin() throws Exception {
        start(
                "-machine",
                "q35",
                "-m",
                "3G",
                "-smp",
                "3",
                "-device",
                "pcie-root-port,id=rp,addr=3",
                "-device",
                "edu,bus=rp");
        FunctionAddress behind = FunctionAddress.parse("01:00.0");
        assertThat(functions()).contains("0000:00:00.0 8086:29c0", "0000:01:00.0 1234:11e8");
        assertThat(machine.description().cpus()).isEqualTo(3);
        assertThat(machine.description().ram().stream()
                        .mapToLong(AddressRange::length)
                        .sum())
                .isEqualTo(3L << 30);
        assertThat(registers(behind).read32(0)).isEqualTo(0x0100_00ed);
        int extended = machine.readConfig(FunctionAddress.parse("00:03.0"), 0x100, 4);
        assertThat(extended & 0xffff).as("AER of the root port").isEqualTo(1);
    }

    @Test
    void withoutFirmwareNothingHasAnAddress() throws Exception {
        machine = QemuMachine.builder(scheduler)
                .arguments("-device", "edu,addr=4")
                .start();
        assertThat(machine.description().firmwareHasRun()).isFalse();
        assertThat(machine.readConfig(EDU, 0x10, 4)).isZero();
    }

    @Test
    void eachMessageOfAnAccessIsToldOnce() throws Exception {
        start("-device", "edu,addr=4");
        IoMemory registers = registers(EDU);
        AtomicInteger raised = new AtomicInteger();
        try (VectorSet vectors = machine.vectors(EDU, VectorKind.MSI, 1, 4)) {
            assertThat(vectors.count()).isEqualTo(1);
            vectors.connect(0, raised::incrementAndGet);
            for (int round = 1; round <= 100; round++) {
                registers.write32(RAISE, 1);
                awaitCount(raised, round);
            }
            assertThat(vectors.asserted(0)).isFalse();
        }
        registers.write32(RAISE, 1);
        assertThat(raised).hasValue(100);
    }

    @Test
    void aMessageThatComesByItselfIsFound() throws Exception {
        start("-device", "edu,addr=4");
        IoMemory registers = registers(EDU);
        AtomicInteger raised = new AtomicInteger();
        try (VectorSet vectors = machine.vectors(EDU, VectorKind.MSI, 1, 1)) {
            vectors.connect(0, raised::incrementAndGet);
            registers.write32(STATUS, 0x80);
            registers.write32(FACTORIAL, 5);
            awaitCount(raised, 1);
            assertThat(registers.read32(FACTORIAL)).isEqualTo(120);
        }
    }

    @Test
    void aLineIsPushedAndStaysHighUntilAcknowledged() throws Exception {
        start("-device", "edu,addr=4");
        IoMemory registers = registers(EDU);
        AtomicInteger raised = new AtomicInteger();
        try (VectorSet vectors = machine.vectors(EDU, VectorKind.INTX, 1, 1)) {
            assertThat(vectors.hardwareNumber(0)).isEqualTo(11);
            vectors.connect(0, raised::incrementAndGet);
            registers.write32(RAISE, 1);
            assertThat(raised).hasValue(1);
            assertThat(vectors.asserted(0)).isTrue();
            registers.write32(ACKNOWLEDGE, 1);
            assertThat(vectors.asserted(0)).isFalse();
            registers.write32(STATUS, 0x80);
            registers.write32(FACTORIAL, 5);
            await().atMost(PATIENCE).until(() -> vectors.asserted(0));
            assertThat(registers.read32(PENDING)).isEqualTo(1);
        }
    }

    @Test
    void aPinBehindABridgeArrivesAtTheLineThatTheBridgesTurnItTo() throws Exception {
        start("-device", "pci-bridge,id=b,chassis_nr=1,addr=3", "-device", "edu,bus=b,addr=2");
        FunctionAddress card = FunctionAddress.parse("01:02.0");
        IoMemory registers = registers(card);
        AtomicInteger raised = new AtomicInteger();
        try (VectorSet vectors = machine.vectors(card, VectorKind.INTX, 1, 1)) {
            assertThat(vectors.hardwareNumber(0)).isEqualTo(10).isEqualTo(machine.readConfig(card, 0x3c, 1));
            vectors.connect(0, raised::incrementAndGet);
            registers.write32(RAISE, 1);
            assertThat(raised).hasValue(1);
        }
    }

    @Test
    void ofMessagesOfSeveralVectorsEachReachesItsSink() throws Exception {
        // that card repeats by its clock what has not been cleared
        machine = builder("-machine", "q35", "-device", "e1000e,addr=4")
                .steppedClock()
                .start();
        IoMemory registers = machine.map(machine.readConfig(EDU, 0x10, 4) & 0xffff_fff0L, 0x2_0000);
        machine.writeConfig(EDU, 4, 2, 6);
        AtomicInteger[] raised = {new AtomicInteger(), new AtomicInteger(), new AtomicInteger()};
        try (VectorSet vectors = machine.vectors(EDU, VectorKind.MSIX, 2, 3)) {
            assertThat(vectors.count()).isEqualTo(3);
            for (int i = 0; i < raised.length; i++) {
                vectors.connect(i, raised[i]::incrementAndGet);
            }
            registers.write32(0xe4, 0x0000_0a98); // receive to vector 0 and 1, transmit to 2
            registers.write32(0xdc, 7 << 20); // a message clears its cause
            registers.write32(0xd0, 1 << 20 | 1 << 21 | 1 << 22);
            registers.write32(0xc8, 1 << 21);
            awaitCount(raised[1], 1);
            registers.write32(0xd0, 1 << 21);
            registers.write32(0xc8, 1 << 20 | 1 << 22);
            awaitCount(raised[0], 1);
            awaitCount(raised[2], 1);
        }
        assertThat(machine.readConfig(EDU, 0xa2, 2) & 0x8000)
                .as("MSI-X is off again")
                .isZero();
    }

    @Test
    void vectorsThatCannotBeGivenAreRefused() throws Exception {
        start("-device", "edu,addr=4");
        assertThatThrownBy(() -> machine.vectors(EDU, VectorKind.MSIX, 1, 1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("0000:00:04.0 has no MSI-X capability");
        assertThatThrownBy(() -> machine.vectors(EDU, VectorKind.MSI, 2, 2))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("one MSI vector");
        assertThatThrownBy(() -> machine.vectors(FunctionAddress.parse("00:00.0"), VectorKind.INTX, 1, 1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("0000:00:00.0 has no interrupt pin");
        assertThatThrownBy(() -> machine.vectors(FunctionAddress.parse("00:09.0"), VectorKind.MSI, 1, 1))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private void transfer(IoMemory registers, long source, long destination, int count, int command) {
        registers.write64(0x80, source);
        registers.write64(0x88, destination);
        registers.write64(0x90, count);
        registers.write64(0x98, command);
    }

    @Test
    void steppedTimeBringsATransferToItsEndAndNothingElseDoes() throws Exception {
        machine = builder("-device", "edu,addr=4").steppedClock().start();
        IoMemory registers = registers(EDU);
        AtomicInteger raised = new AtomicInteger();
        try (VectorSet vectors = machine.vectors(EDU, VectorKind.MSI, 1, 1);
                DmaMemory memory = machine.dma(EDU).allocate(4096, 0x0fff_ffff, 4096)) {
            vectors.connect(0, raised::incrementAndGet);
            memory.put(0, 8, 0x1122_3344_5566_7788L);
            transfer(registers, memory.deviceAddress(), 0x4_0000, 8, 5);
            machine.step(99_000_000);
            assertThat(registers.read64(0x98)).isEqualTo(5);
            assertThat(raised).hasValue(0);
            machine.step(1_000_000);
            assertThat(registers.read64(0x98)).isEqualTo(4);
            awaitCount(raised, 1);
            registers.write32(ACKNOWLEDGE, 0x100);
            transfer(registers, 0x4_0000, memory.deviceAddress() + 8, 8, 7);
            machine.step(100_000_000);
            assertThat(memory.get(8, 8)).isEqualTo(0x1122_3344_5566_7788L);
            awaitCount(raised, 2);
        }
    }

    @Test
    void timeFollowsTheWallClockWhileSomebodyWaits() throws Exception {
        start("-device", "edu,addr=4");
        IoMemory registers = registers(EDU);
        AtomicInteger raised = new AtomicInteger();
        assertThatThrownBy(() -> machine.step(1)).isInstanceOf(IllegalStateException.class);
        try (VectorSet vectors = machine.vectors(EDU, VectorKind.INTX, 1, 1);
                DmaMemory memory = machine.dma(EDU).allocate(4096, 0x0fff_ffff, 4096)) {
            vectors.connect(0, raised::incrementAndGet);
            long begin = System.nanoTime();
            transfer(registers, memory.deviceAddress(), 0x4_0000, 8, 5);
            awaitCount(raised, 1);
            assertThat(System.nanoTime() - begin).isGreaterThan(98_000_000);
        }
    }

    private List<FunctionAddress> listen() {
        List<FunctionAddress> gone = new CopyOnWriteArrayList<>();
        machine.addListener(new MachineListener() {
            @Override
            public void plugged(FunctionAddress function) {
                throw new AssertionError("nothing is plugged in");
            }

            @Override
            public void gone(FunctionAddress function) {
                gone.add(function);
            }
        });
        return gone;
    }

    @Test
    void aKilledQemuIsTheSurpriseRemovalOfEverything() throws Exception {
        start("-device", "pci-bridge,id=b,chassis_nr=1,addr=3", "-device", "edu,bus=b,addr=2");
        FunctionAddress card = FunctionAddress.parse("01:02.0");
        IoMemory registers = registers(card);
        List<FunctionAddress> gone = listen();
        VectorSet vectors = machine.vectors(card, VectorKind.INTX, 1, 1);
        vectors.connect(0, () -> {});
        registers.write32(RAISE, 1);
        assertThat(vectors.asserted(0)).isTrue();
        machine.process().destroyForcibly();
        await().atMost(PATIENCE).until(() -> gone.size() == 6);
        assertThat(gone.get(0)).as("what is behind a bridge goes before it").isEqualTo(card);
        assertThat(registers.read32(0)).isEqualTo(-1);
        registers.write32(RAISE, 1);
        assertThat(machine.readConfig(card, 0, 4)).isEqualTo(-1);
        assertThat(vectors.asserted(0)).isFalse();
        vectors.close();
        assertThat(said).anyMatch(line -> line.contains("all functions have gone: QEMU has ended with status 137"));
    }

    @Test
    void threadsInTheMiddleOfAccessesAreNotHeldByAKilledQemu() throws Exception {
        start("-device", "edu,addr=4");
        IoMemory registers = registers(EDU);
        AtomicInteger reads = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                while (registers.read32(0) == 0x0100_00ed) {
                    reads.incrementAndGet();
                }
            });
            thread.start();
            threads.add(thread);
        }
        await().atMost(PATIENCE).until(() -> reads.get() > 1000);
        machine.process().destroyForcibly();
        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void closingIsTheEndForThoseWhoStillListen() throws Exception {
        start("-device", "edu,addr=4");
        functions();
        List<FunctionAddress> gone = listen();
        machine.close();
        await().atMost(PATIENCE).until(() -> gone.size() == 5);
        assertThat(said).isEmpty();
    }

    @Test
    void whatIsWrongWithTheArgumentsIsSaidInQemusWords() {
        assertThatThrownBy(() -> start("-device", "nonsense"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'nonsense' is not a valid device model name");
        assertThatThrownBy(() -> start("-machine", "none"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("use -machine pc or -machine q35");
        assertThat(said).isEmpty();
    }

    @Test
    void withoutQemuTheErrorSaysWhatToInstall() {
        assertThatThrownBy(
                        () -> builder().environment(Map.of("PATH", "/nowhere")).start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("install QEMU 10.1 or newer");
    }
}
