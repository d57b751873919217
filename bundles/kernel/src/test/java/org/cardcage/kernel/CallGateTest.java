package org.cardcage.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;

class CallGateTest {

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final CallGate gate = new CallGate(scheduler, "a node");

    @Test
    void shuttingRefusesNewCallersAndCancelsThoseInside() {
        CancelToken inside = new CancelToken();
        gate.enter(inside);
        gate.shut(Errno.ENODEV);
        assertThatThrownBy(inside::check).hasMessageStartingWith("ENODEV");
        assertThatThrownBy(() -> gate.enter(new CancelToken())).hasMessageStartingWith("ENODEV");
    }

    @Test
    void drainWaitsForTheLastCaller() {
        CancelToken inside = new CancelToken();
        gate.enter(inside);
        gate.shut(Errno.ENODEV);
        assertThat(gate.drain(1000)).isFalse();
        assertThat(gate.callers()).containsExactly(Thread.currentThread());
        scheduler.schedule(5000, () -> gate.leave(inside));
        assertThat(gate.drain(10_000)).isTrue();
        assertThat(scheduler.nanoTime()).isEqualTo(5000);
    }
}
