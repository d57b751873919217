package org.cardcage.kernel.irq;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Scheduler;

/**
 * Delivers interrupts one after the other. A handler that does not return holds up its own interrupt only: its thread is left
 * to it, and a fresh one goes on with what waits. That is looked after only while something waits, by one timer at a time.
 *
 * <p>Threads: any may post; interrupts are delivered on the thread of {@code lane}, {@link #look} runs on that of the timers.
 * {@code this} guards all fields and is not held while an interrupt is delivered.
 */
final class VirtualCpu implements AutoCloseable {

    /** A handler that others wait for has returned after this time, in nanoseconds, or else after twice as much is left behind. */
    static final long PATIENCE = 1_000_000_000L;

    private final Scheduler scheduler;
    private final String name;
    private final Queue<Interrupt> waiting = new ArrayDeque<>();
    private Lane lane;
    /** What is being delivered; null while nothing is. */
    private Interrupt current;
    /** How many have been taken from those that wait. */
    private long taken;
    /** Whether the timer runs. */
    private boolean watched;

    private boolean closed;

    VirtualCpu(Scheduler scheduler, String name) {
        this.scheduler = scheduler;
        this.name = name;
        lane = scheduler.lane(name);
    }

    /** A device that interrupts a kernel that has ended must not be the one to suffer: nothing happens then. */
    void post(Interrupt interrupt) {
        Lane mine;
        synchronized (this) {
            if (closed) {
                return;
            }
            waiting.add(interrupt);
            watch();
            mine = lane;
        }
        // without the lock, since the thread that wakes up takes it at once
        execute(mine);
    }

    private void execute(Lane mine) {
        try {
            mine.execute(() -> deliverNext(mine));
        } catch (RejectedExecutionException e) {
            // closed meanwhile: by the end, or by look, which has posted all that waits to the next lane
            return;
        }
    }

    /** Nothing happens on a lane that has been left to its handler. */
    private void deliverNext(Lane mine) {
        Interrupt next;
        synchronized (this) {
            if (lane != mine) {
                return;
            }
            next = waiting.remove();
            current = next;
            taken++;
            watch();
        }
        try {
            next.deliver();
        } finally {
            synchronized (this) {
                if (lane == mine) {
                    current = null;
                }
            }
        }
    }

    /** Caller holds {@code this}. */
    private void watch() {
        if (current != null && !waiting.isEmpty() && !watched) {
            watched = true;
            long last = taken;
            scheduler.schedule(scheduler.nanoTime() + PATIENCE, () -> look(last));
        }
    }

    /** @param last what {@code taken} was when the timer was started */
    private void look(long last) {
        Interrupt hung;
        Thread thread;
        synchronized (this) {
            watched = false;
            if (taken != last || current == null || waiting.isEmpty() || closed) {
                watch();
                return;
            }
            hung = current;
            thread = lane.runner();
            current = null;
            lane.close();
            lane = scheduler.lane(name);
            for (int i = 0; i < waiting.size(); i++) {
                execute(lane);
            }
        }
        hung.reportHung(thread);
    }

    @Override
    public synchronized void close() {
        closed = true;
        lane.close();
    }
}
