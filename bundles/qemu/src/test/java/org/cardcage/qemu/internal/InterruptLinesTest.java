package org.cardcage.qemu.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.junit.jupiter.api.Test;

class InterruptLinesTest {

    private final InterruptLines lines = new InterruptLines();
    private final AtomicInteger raised = new AtomicInteger();

    @Test
    void aRisingEdgeIsToldToAllAndALevelOnlyKept() {
        AtomicInteger other = new AtomicInteger();
        lines.connect(11, "one", raised::incrementAndGet);
        lines.connect(11, "two", other::incrementAndGet);
        lines.set(11, true);
        lines.set(11, true);
        assertThat(raised).hasValue(1);
        assertThat(other).hasValue(1);
        assertThat(lines.asserted(11)).isTrue();
        assertThat(lines.asserted(10)).isFalse();
        lines.set(11, false);
        assertThat(lines.asserted(11)).isFalse();
        lines.disconnect(11, "one");
        lines.set(11, true);
        assertThat(raised).hasValue(1);
        assertThat(other).hasValue(2);
    }

    @Test
    void whoComesWhenTheLineIsHighIsToldAtOnce() {
        lines.set(20, true);
        lines.connect(20, "late", raised::incrementAndGet);
        assertThat(raised).hasValue(1);
        lines.release();
        assertThat(lines.asserted(20)).isFalse();
    }

    @Test
    void qemuPushesThem() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        lines.connect(11, "test", told::countDown);
        try (FakeQemu qemu = new FakeQemu(lines)) {
            qemu.send("IRQ raise 11");
            assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(lines.asserted(11)).isTrue();
            qemu.afterEach(command -> qemu.send("IRQ lower 11"));
            qemu.qtest.read(0, 4);
            assertThat(lines.asserted(11))
                    .as("what an access causes is known when it returns")
                    .isFalse();
        }
    }

    @Test
    void vectorsOfALineBeatOnlyWhileConnected() {
        SteppedScheduler scheduler = new SteppedScheduler();
        AtomicInteger beats = new AtomicInteger();
        Heartbeat heartbeat = new Heartbeat(scheduler, "beat", beats::incrementAndGet);
        LineVectors vectors = new LineVectors(lines, heartbeat, 11);
        scheduler.advance(5_000_000);
        assertThat(beats).hasValue(0);
        vectors.connect(0, raised::incrementAndGet);
        vectors.connect(0, raised::incrementAndGet);
        scheduler.advance(5_000_000);
        assertThat(beats).hasValue(5);
        assertThat(vectors.kind()).isEqualTo(VectorKind.INTX);
        assertThat(vectors.hardwareNumber(0)).isEqualTo(11);
        lines.set(11, true);
        assertThat(raised).hasValue(1);
        assertThat(vectors.asserted(0)).isTrue();
        vectors.close();
        vectors.close();
        scheduler.advance(5_000_000);
        assertThat(beats).as("one that was under way").hasValueLessThanOrEqualTo(6);
        int last = beats.get();
        scheduler.advance(5_000_000);
        assertThat(beats).hasValue(last);
        heartbeat.close();
    }
}
