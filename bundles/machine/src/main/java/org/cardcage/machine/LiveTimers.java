package org.cardcage.machine;

import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/**
 * The timers of the {@link LiveScheduler}, which share one thread. Most timers guard against what seldom happens and are
 * cancelled, one after the other; so the thread is woken only for one that is due before it looks anyway. When it has looked
 * in vain it waits for the next one; it ends when it has found nothing that waits for a second.
 *
 * <p>Threads: any. {@code this} guards all fields; no action runs under it.
 */
final class LiveTimers implements AutoCloseable {

    private static final long PATIENCE_NANOS = 1_000_000_000L;

    private final class Due implements Timer, Comparable<Due> {
        private final long deadline;
        private final long number;
        private final Runnable action;

        Due(long deadline, long number, Runnable action) {
            this.deadline = deadline;
            this.number = number;
            this.action = action;
        }

        @Override
        public boolean cancel() {
            return drop(this);
        }

        @Override
        public int compareTo(Due other) {
            int c = Long.compare(deadline, other.deadline);
            return c != 0 ? c : Long.compare(number, other.number);
        }
    }

    private final LiveScheduler scheduler;
    private final String name;
    private final TreeSet<Due> waiting = new TreeSet<>();
    private long scheduled;
    private Thread thread;
    /** When the thread looks by itself. */
    private long looksAt;
    /** Whether nothing was waiting when it looked last. */
    private boolean idle;

    private boolean closed;

    /** @param name of the thread */
    LiveTimers(LiveScheduler scheduler, String name) {
        this.scheduler = scheduler;
        this.name = name;
    }

    /** As {@link Scheduler#schedule}. */
    synchronized Timer schedule(long deadline, Runnable action) {
        Due due = new Due(deadline, scheduled++, action);
        if (closed) {
            return due;
        }
        waiting.add(due);
        if (thread == null) {
            thread = LaneThreads.make(name, this::run);
            looksAt = scheduler.nanoTime();
            thread.start();
        } else if (deadline < looksAt) {
            looksAt = deadline;
            LockSupport.unpark(thread);
        }
        return due;
    }

    private synchronized boolean drop(Due due) {
        return waiting.remove(due);
    }

    private void run() {
        for (long left = 0; left >= 0; left = look()) {
            LockSupport.parkNanos(this, left);
            Thread.interrupted(); // else it would not park again
            for (Due due = next(); due != null; due = next()) {
                scheduler.guarded(name, due.action);
            }
        }
    }

    /** One that is due, or null. */
    private synchronized Due next() {
        boolean any = !waiting.isEmpty() && waiting.first().deadline <= scheduler.nanoTime();
        return any ? waiting.pollFirst() : null;
    }

    /** For how many nanoseconds the thread may sleep; negative if it is not needed any more. */
    private synchronized long look() {
        long now = scheduler.nanoTime();
        boolean before = idle;
        idle = waiting.isEmpty();
        if (idle && (before || closed)) {
            thread = null;
            idle = false;
            return -1;
        }
        looksAt = idle ? now + PATIENCE_NANOS : waiting.first().deadline;
        return Math.max(0, looksAt - now);
    }

    /** No action begins any more. */
    @Override
    public synchronized void close() {
        closed = true;
        waiting.clear();
        LockSupport.unpark(thread);
    }
}
