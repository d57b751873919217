package org.cardcage.qemu.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DoorbellTest {

    private static final long PAGE = 0x10_0000;
    private static final long REGISTER = 0xfea0_0000L;

    private final FakeQemu qemu = new FakeQemu(new InterruptLines());
    private final Doorbell doorbell = new Doorbell(qemu.qtest, PAGE);
    private final Guest guest =
            new Guest(qemu.qtest, new VirtualClock(new SteppedScheduler(), true), doorbell, message -> {});
    private final AtomicInteger first = new AtomicInteger();
    private final AtomicInteger second = new AtomicInteger();

    @AfterEach
    void end() throws Exception {
        qemu.close();
    }

    private int connected(AtomicInteger count) {
        int cell = doorbell.take();
        doorbell.connect(cell, count::incrementAndGet);
        return cell;
    }

    private void ring(int cell) {
        qemu.poke(doorbell.address(cell), 4, Doorbell.data(cell));
    }

    private void touch() {
        guest.write(commands -> commands.write(REGISTER, 4, 1));
    }

    private void onTouch(Runnable effect) {
        qemu.afterEach(command -> {
            if (command.startsWith("writel 0xfea00000")) {
                effect.run();
            }
        });
    }

    @Test
    void whatAnAccessCausesIsToldOnceByItsThread() {
        int cell = connected(first);
        onTouch(() -> ring(cell));
        touch();
        assertThat(first).hasValue(1);
        onTouch(() -> {});
        touch();
        assertThat(first).hasValue(1);
        assertThat(qemu.peek(doorbell.address(cell), 4)).isZero();
    }

    @Test
    void eachVectorHasItsOwnCell() {
        int one = connected(first);
        int other = connected(second);
        ring(other);
        guest.look();
        assertThat(first).hasValue(0);
        assertThat(second).hasValue(1);
        ring(one);
        ring(other);
        guest.look();
        assertThat(first).hasValue(1);
        assertThat(second).hasValue(2);
    }

    /** The second message comes after the first was seen and before its cell is empty: its cause is seen by the one handler run. */
    @Test
    void aMessageBetweenLookAndEmptyingIsCoveredByASinkToldLater() {
        AtomicInteger causes = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        int cell = doorbell.take();
        doorbell.connect(cell, () -> seen.set(causes.get()));
        causes.incrementAndGet();
        ring(cell);
        qemu.beforeEach(command -> {
            if (command.equals("writel 0x100000 0x0")) {
                causes.incrementAndGet();
                ring(cell);
            }
        });
        guest.look();
        assertThat(qemu.peek(doorbell.address(cell), 4))
                .as("the second one was overwritten")
                .isZero();
        assertThat(seen).hasValue(2);
    }

    @Test
    void aMessageThatCameBeforeTheSinkIsToldWhenItComes() {
        int cell = doorbell.take();
        ring(cell);
        doorbell.connect(cell, first::incrementAndGet);
        assertThat(first).hasValue(1);
    }

    @Test
    void aCellGivenBackTellsNobodyAndIsEmptyForTheNext() {
        int cell = connected(first);
        ring(cell);
        doorbell.giveBack(cell);
        assertThat(doorbell.take()).isEqualTo(cell);
        doorbell.connect(cell, second::incrementAndGet);
        guest.look();
        assertThat(first).hasValue(0);
        assertThat(second).hasValue(0);
    }

    @Test
    void nothingIsReadWhileNobodyWaits() {
        touch();
        assertThat(qemu.commands).containsExactly("writel 0xfea00000 0x1");
        int cell = connected(first);
        touch();
        assertThat(qemu.commands).last().isEqualTo("read 0x100000 0x4");
        doorbell.giveBack(cell);
        qemu.commands.clear();
        touch();
        assertThat(qemu.commands).doesNotContain("read 0x100000 0x4");
    }

    @Test
    void whenAllCellsAreTakenThereIsNone() {
        for (int i = 0; i < Doorbell.SIZE / 4; i++) {
            assertThat(doorbell.take()).isEqualTo(i);
        }
        assertThat(doorbell.take()).isEqualTo(-1);
    }
}
