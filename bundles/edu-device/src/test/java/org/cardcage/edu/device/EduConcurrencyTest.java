package org.cardcage.edu.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.cardcage.board.Board;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The card under several threads, with real time. */
class EduConcurrencyTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    private static final int ROUNDS = 20_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final AtomicReference<Throwable> fault = new AtomicReference<>();
    private final LiveScheduler scheduler = new LiveScheduler("test", (where, t) -> fault.set(t));
    private final Board board =
            Board.builder(scheduler).chipset440fx().reporter(m -> {}).build();

    @AfterEach
    void close() {
        board.close();
        scheduler.close();
        assertThat(fault.get()).isNull();
    }

    private IoMemory powerOn(EduOptions options) {
        board.plug(SLOT, new EduDevice(options));
        board.powerOn();
        board.writeConfig(SLOT, 4, 2, board.readConfig(SLOT, 4, 2) | 4);
        return board.map(board.readConfig(SLOT, 0x10, 4) & 0xfffffff0L, 0x100000);
    }

    private void together(List<Runnable> jobs) throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (Runnable job : jobs) {
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                    job.run();
                } catch (InterruptedException | RuntimeException | Error e) {
                    fault.set(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void thePinFollowsThePendingBitsHoweverRaisesAndAcknowledgesInterleave() throws Exception {
        IoMemory regs = powerOn(EduOptions.DEFAULT);
        VectorSet pin = board.vectors(SLOT, VectorKind.INTX, 1, 1);
        List<Runnable> jobs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int bit = 1 << i;
            jobs.add(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    regs.write32(0x60, bit);
                    regs.write32(0x64, bit);
                }
            });
        }
        together(jobs);
        assertThat(regs.read32(0x24)).isZero();
        assertThat(pin.asserted(0)).isFalse();

        jobs.add(() -> regs.write32(0x60, 0x80));
        together(jobs);
        assertThat(regs.read32(0x24)).isEqualTo(0x80);
        assertThat(pin.asserted(0)).isTrue();
    }

    @Test
    void noFactorialInterruptIsLost() {
        IoMemory regs = powerOn(EduOptions.DEFAULT);
        AtomicInteger raised = new AtomicInteger();
        board.vectors(SLOT, VectorKind.MSI, 1, 1).connect(0, raised::incrementAndGet);
        regs.write32(0x20, 0x80);
        for (int round = 1; round <= 500; round++) {
            int expected = round;
            regs.write32(8, 5);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofNanos(20_000))
                    .until(() -> raised.get() == expected);
            assertThat(regs.read32(8)).isEqualTo(120);
        }
    }

    @Test
    void aMappingSeesTheCardOrTheEmptyBusWhileTheBarMovesAndTheCardIsPulled() throws Exception {
        IoMemory regs = powerOn(EduOptions.DEFAULT);
        int base = board.readConfig(SLOT, 0x10, 4);
        List<Integer> strange = new ArrayList<>();
        together(List.of(
                () -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        int id = regs.read32(0);
                        if (id != EduDevice.IDENTIFICATION && id != -1) {
                            strange.add(id);
                        }
                    }
                },
                () -> {
                    for (int i = 0; i < 2000; i++) {
                        board.writeConfig(SLOT, 0x10, 4, base - 0x100000);
                        board.writeConfig(SLOT, 0x10, 4, base);
                    }
                    board.unplug(SLOT);
                }));

        assertThat(strange).isEmpty();
        assertThat(regs.read32(0)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000})
    void survivesHostileAccessesFromSeveralThreads(long dmaDelay) throws Exception {
        EduOptions options = EduOptions.DEFAULT.withDmaMask(-1).withDmaDelay(dmaDelay);
        IoMemory regs = powerOn(options);
        long base = regs.address();
        List<Runnable> jobs = new ArrayList<>();
        for (int seed = 1; seed <= 4; seed++) {
            Random random = new Random(seed);
            jobs.add(() -> {
                for (int i = 0; i < ROUNDS / 4; i++) {
                    attack(regs, base, random);
                }
            });
        }
        together(jobs);

        board.writeConfig(SLOT, 0x42, 2, 0);
        board.writeConfig(SLOT, 0x04, 2, 6);
        Awaitility.await().atMost(PATIENCE).until(() -> (regs.read32(0x98) & 1) == 0 && (regs.read32(0x20) & 1) == 0);
        settle(); // the interrupt comes after the bit has cleared
        regs.write32(0x20, 0);
        regs.write32(0x08, 5);
        Awaitility.await().atMost(PATIENCE).until(() -> regs.read32(0x08) == 120);
        settle();
        regs.write32(0x60, 1);
        regs.write32(0x64, -1);
        assertThat(regs.read32(0x24)).isZero();
        assertThat(board.readConfig(SLOT, 0x06, 2) & 8).isZero();
    }

    private void settle() throws InterruptedException {
        assertThat(scheduler.settle(scheduler.nanoTime() + PATIENCE.toNanos())).isTrue();
    }

    private void attack(IoMemory regs, long base, Random random) {
        int offset = random.nextInt(0xa0);
        int size = 1 << random.nextInt(4);
        switch (random.nextInt(12)) {
            case 0 -> board.reset();
            case 1 -> board.writeConfig(SLOT, 0x04, 2, random.nextInt());
            case 2 -> board.writeConfig(SLOT, 0x42, 2, random.nextInt());
            case 3 -> {
                board.writeConfig(SLOT, 0x44, 4, (int) base + (random.nextBoolean() ? 0x60 : offset));
                board.writeConfig(SLOT, 0x42, 2, 1);
            }
            case 4 -> {
                board.writeConfig(SLOT, 0x10, 4, (int) base);
                board.writeConfig(SLOT, 0x04, 2, 6);
            }
            case 5 -> {
                regs.write64(0x80, random.nextBoolean() ? 0x40000 : base + offset);
                regs.write64(0x88, random.nextBoolean() ? 0x40000 : base + offset);
                regs.write64(0x90, random.nextInt(0x1100));
                regs.write64(0x98, random.nextInt(8));
            }
            case 6, 7 -> regs.read(offset, size);
            default -> regs.write(offset, size, random.nextLong());
        }
    }
}
