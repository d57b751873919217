package org.cardcage.machine;

import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads for lanes to borrow: as many as there are lanes with work, so that one that hangs has its own. A thread that comes
 * back goes out again at once if it is wanted, which is much cheaper than a new one. It does so for a second only, since
 * what tasks have left in it cannot be seen (values of thread locals, and with them the classes of a driver that has gone).
 *
 * <p>Threads: any may {@link #lend}. {@code this} guards {@code spare} and what those in it shall do next.
 */
final class LaneThreads {

    private static final long LIFE_NANOS = 1_000_000_000L;

    private final String prefix;
    /** Those that have come back; the last one goes out first. */
    private final ArrayDeque<Borrowed> spare = new ArrayDeque<>();

    /** @param prefix begins the name of each thread */
    LaneThreads(String prefix) {
        this.prefix = prefix;
    }

    /** A daemon. What it could inherit from the thread that makes it would be kept by it, so it inherits nothing. */
    static Thread make(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setContextClassLoader(LaneThreads.class.getClassLoader());
        thread.setDaemon(true);
        return thread;
    }

    /** Has {@code work} run on a thread of its own, which bears this name meanwhile. */
    void lend(String name, Runnable work) {
        Borrowed borrowed;
        synchronized (this) {
            borrowed = spare.pollLast();
            if (borrowed != null) {
                borrowed.name = name;
                borrowed.work = work;
            }
        }
        if (borrowed == null) {
            new Borrowed(name, work).thread.start();
        } else {
            LockSupport.unpark(borrowed.thread);
        }
    }

    private final class Borrowed implements Runnable {

        private final long end = System.nanoTime() + LIFE_NANOS;
        private final Thread thread;
        private String name;
        private Runnable work;

        Borrowed(String name, Runnable work) {
            this.name = name;
            this.work = work;
            thread = make(prefix + name, this);
        }

        @Override
        public void run() {
            work.run();
            while (isWantedAgain()) {
                thread.setName(prefix + name);
                work.run();
            }
        }

        private boolean isWantedAgain() {
            thread.setName(prefix + "spare");
            thread.setContextClassLoader(LaneThreads.class.getClassLoader());
            synchronized (LaneThreads.this) {
                work = null;
                spare.addLast(this);
            }
            for (long left = left(); left > 0; left = left()) {
                LockSupport.parkNanos(LaneThreads.this, left);
                Thread.interrupted(); // it was meant for somebody who has left
            }
            synchronized (LaneThreads.this) {
                spare.remove(this);
                return work != null;
            }
        }

        /** For how long it still waits, in nanoseconds. */
        private long left() {
            synchronized (LaneThreads.this) {
                return work == null ? end - System.nanoTime() : 0;
            }
        }
    }
}
