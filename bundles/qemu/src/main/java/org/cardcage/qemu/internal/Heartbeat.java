package org.cardcage.qemu.internal;

import java.util.concurrent.RejectedExecutionException;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Scheduler;

/**
 * Looks every millisecond while somebody waits for interrupts, and not at all otherwise: QEMU tells of no message, and its time does
 * not pass by itself.
 *
 * <p>Threads: any; the look runs on a lane of its own, since it waits for QEMU. {@code users}, {@code beating} and {@code
 * closed} are guarded by this object's lock, under which nothing is called but the scheduler.
 */
final class Heartbeat implements AutoCloseable {

    private static final long PERIOD = 1_000_000;

    private final Scheduler scheduler;
    private final Lane lane;
    private final Runnable look;
    private int users;
    private boolean beating;
    private boolean closed;

    Heartbeat(Scheduler scheduler, String name, Runnable look) {
        this.scheduler = scheduler;
        this.look = look;
        lane = scheduler.lane(name);
    }

    /** One more waits for interrupts. */
    synchronized void begin() {
        users++;
        if (!beating && !closed) {
            beating = true;
            next();
        }
    }

    /** One fewer does. */
    synchronized void end() {
        users--;
    }

    private void next() {
        scheduler.schedule(scheduler.nanoTime() + PERIOD, this::post);
    }

    private void post() {
        try {
            lane.execute(this::beat);
        } catch (RejectedExecutionException e) {
            return; // closed meanwhile
        }
    }

    private void beat() {
        try {
            look.run();
        } finally { // a sink that throws must not keep all others from their interrupts
            synchronized (this) {
                beating = users > 0 && !closed;
                if (beating) {
                    next();
                }
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        lane.close();
    }
}
