package org.cardcage.machine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * Real time. Timers share one thread. A lane has a thread while it has work (and a second longer, if it is not a rare one),
 * which it shares with nobody then; see {@link LaneThreads}.
 *
 * <p>Threads: any. {@code busy} counts the accepted and unfinished tasks of all lanes; who waits for it to become 0 does so on
 * {@code settleLock}.
 */
public final class LiveScheduler implements Scheduler, AutoCloseable {

    private static final long PATIENCE_NANOS = 1_000_000_000L;

    private final String name;
    private final BiConsumer<String, Throwable> reporter;
    private final long origin = System.nanoTime();
    private final LiveTimers timers;
    private final LaneThreads threads;
    private final Object settleLock = new Object();
    private final AtomicLong busy = new AtomicLong();

    /**
     * @param name begins the name of each thread
     * @param reporter told of what a task or a timer threw: the lane's or timer thread's name and the Throwable
     */
    public LiveScheduler(String name, BiConsumer<String, Throwable> reporter) {
        this.name = name;
        this.reporter = reporter;
        threads = new LaneThreads(name + "-");
        timers = new LiveTimers(this, name + "-timer");
    }

    @Override
    public long nanoTime() {
        return System.nanoTime() - origin;
    }

    @Override
    public Timer schedule(long deadline, Runnable action) {
        return timers.schedule(deadline, action);
    }

    @Override
    public Lane lane(String laneName) {
        return new LiveLane(this, threads, laneName, PATIENCE_NANOS);
    }

    @Override
    public Lane rareLane(String laneName) {
        return new LiveLane(this, threads, laneName, 0);
    }

    @Override
    public void park(String what, long deadline) {
        if (deadline == NEVER) {
            LockSupport.park(what);
        } else {
            long nanos = deadline - nanoTime();
            if (nanos > 0) {
                LockSupport.parkNanos(what, nanos);
            }
        }
    }

    @Override
    public void unpark(Thread thread) {
        LockSupport.unpark(thread);
    }

    @Override
    public boolean settle(long deadline) throws InterruptedException {
        synchronized (settleLock) {
            while (busy.get() > 0) {
                long millis = deadline == NEVER ? 0 : TimeUnit.NANOSECONDS.toMillis(deadline - nanoTime()) + 1;
                if (millis < 0 || (deadline != NEVER && deadline <= nanoTime())) {
                    return false;
                }
                settleLock.wait(millis);
            }
            return true;
        }
    }

    /** Ends the timers: no action runs any more. Lanes belong to those who asked for them. */
    @Override
    public void close() {
        timers.close();
    }

    /** Runs what may be foreign code; {@code where} is the name of a lane or a thread. */
    void guarded(String where, Runnable action) {
        try {
            action.run();
        } catch (Throwable t) { // a fault of foreign code is contained here
            report(where, t);
        }
    }

    private void report(String where, Throwable t) {
        try {
            reporter.accept(where, t);
        } catch (Throwable again) { // a lane or the timers must not end for that
            Thread me = Thread.currentThread();
            me.getUncaughtExceptionHandler().uncaughtException(me, again);
        }
    }

    void taskAccepted() {
        busy.incrementAndGet();
    }

    void taskEnded() {
        if (busy.decrementAndGet() == 0) {
            synchronized (settleLock) {
                settleLock.notifyAll();
            }
        }
    }
}
