package org.cardcage.kernel.device;

import org.cardcage.kernel.WaitQueue;
import org.cardcage.machine.Scheduler;

/**
 * Whether the hardware of a device has been taken from a driver that does not leave it in time. That happens at most once
 * each time that a driver has the device, and never beside the release that follows when the driver has left.
 *
 * <p>Threads: {@link #hold} and {@link #release} run on the lane of the device, {@link #begin} and {@link #end} elsewhere.
 */
final class CutOff {

    private enum State {
        /** No driver has the device, or what it had is being released. */
        FREE,
        HELD,
        CUTTING,
        CUT
    }

    private final WaitQueue ended;
    private volatile State state = State.FREE;

    CutOff(Scheduler scheduler, String device) {
        ended = new WaitQueue(scheduler, device + " to be cut off");
    }

    /** A driver gets the device. */
    synchronized void hold() {
        state = State.HELD;
    }

    /** Whether the caller shall cut it off; {@link #end} must follow. */
    synchronized boolean begin() {
        boolean held = state == State.HELD;
        if (held) {
            state = State.CUTTING;
        }
        return held;
    }

    /** The hardware has been taken. */
    void end() {
        synchronized (this) {
            state = State.CUT;
        }
        ended.wakeUp();
    }

    /** The driver has left: waits until nobody is cutting it off, and nobody does from then on. */
    void release() {
        ended.awaitUninterruptibly(this::tryRelease);
    }

    private synchronized boolean tryRelease() {
        if (state == State.CUTTING) {
            return false;
        }
        state = State.FREE;
        return true;
    }

    boolean isUnderWay() {
        return state == State.CUTTING;
    }

    /** Whether the driver has lost the hardware, or is just losing it. */
    boolean isCut() {
        State now = state;
        return now == State.CUTTING || now == State.CUT;
    }
}
