package org.cardcage.qemu.internal;

import java.util.concurrent.atomic.AtomicLong;
import org.cardcage.machine.Scheduler;

/**
 * Keeps QEMU's virtual time, which does not pass by itself, up with that of a scheduler: whoever sends commands sends the time along
 * if it has not been told for a millisecond.
 *
 * <p>Threads: any.
 */
final class VirtualClock {

    /** Nanoseconds that virtual time may be behind. */
    static final long GRANULE = 1_000_000;

    private final Scheduler scheduler;
    private final long origin;
    private final boolean stepped;
    private final AtomicLong told = new AtomicLong();

    /** @param stepped whether time passes by {@code clock_step} only */
    VirtualClock(Scheduler scheduler, boolean stepped) {
        this.scheduler = scheduler;
        this.stepped = stepped;
        origin = scheduler.nanoTime();
    }

    boolean isStepped() {
        return stepped;
    }

    /**
     * Adds the time if it is due. Of two threads the one with the later time may be first, and QEMU then refuses the other.
     *
     * @return the reply; null if the time is not due
     */
    Reply addTo(Commands commands) {
        if (stepped) {
            return null;
        }
        long now = scheduler.nanoTime() - origin;
        long last = told.get();
        return now - last >= GRANULE && told.compareAndSet(last, now) ? commands.clockSet(now) : null;
    }
}
