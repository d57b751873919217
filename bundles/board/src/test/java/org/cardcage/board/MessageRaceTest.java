package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.cardcage.device.Bar;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.MsiCapability;
import org.cardcage.device.MsixCapability;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A card that signals at the moment at which software unmasks: nothing gets stuck between the two. */
class MessageRaceTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    private static final int ROUNDS = 5_000;

    private final Board board =
            Board.builder(new SteppedScheduler()).withoutFirmware().build();
    private final TestCard card = new TestCard(FunctionDescription.of(0x1234, 0x5678, 0x00ff00)
            .bars(Bar.memory32(0, 4096, 4))
            .capabilities(new MsiCapability(0x40, 1, true, true), MsixCapability.of(1, 0))
            .build());
    private final AtomicLong happened = new AtomicLong();
    private final AtomicLong seen = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(
            value = VectorKind.class,
            names = {"MSI", "MSIX"})
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void aSignalThatMeetsAnUnmaskingIsSeen(VectorKind kind) throws Exception {
        board.plug(SLOT, card);
        board.powerOn();
        board.writeConfig(SLOT, 0x10, 4, 0xfd00_0000);
        board.writeConfig(SLOT, 4, 2, 6);
        VectorSet set = board.vectors(SLOT, kind, 1, 1);
        set.connect(0, () -> seen.accumulateAndGet(happened.get(), Math::max));
        CyclicBarrier together = new CyclicBarrier(2);
        Future<?> software = threads.submit(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                set.setMasked(0, true);
                together.await();
                set.setMasked(0, false);
                together.await();
            }
            return null;
        });

        for (int round = 1; round <= ROUNDS; round++) {
            together.await();
            happened.set(round);
            card.ports.signal(0);
            together.await();
            assertThat(seen.get()).as("seen of round").isEqualTo(round);
        }
        software.get();
    }
}
