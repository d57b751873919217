package org.cardcage.machine;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * Real time. Timers share one thread, each lane has a thread that exists only while the lane has work (and a second
 * longer).
 *
 * <p>Threads: any. {@code busy} counts the accepted and unfinished tasks of all lanes; who waits for it to become 0 does so on
 * {@code settleLock}.
 */
public final class LiveScheduler implements Scheduler, AutoCloseable {

    private static final long KEEP_ALIVE_MILLIS = 1000;
    /** Long enough for tasks that follow one another. */
    private static final long RARE_KEEP_ALIVE_MILLIS = 5;

    private final String name;
    private final BiConsumer<String, Throwable> reporter;
    private final long origin = System.nanoTime();
    private final ScheduledThreadPoolExecutor timers;
    private final Object settleLock = new Object();
    private final AtomicLong busy = new AtomicLong();

    /**
     * @param name begins the name of each thread
     * @param reporter told of what a task or a timer threw: the lane's or timer thread's name and the Throwable
     */
    public LiveScheduler(String name, BiConsumer<String, Throwable> reporter) {
        this.name = name;
        this.reporter = reporter;
        timers = new ScheduledThreadPoolExecutor(1, daemon(name + "-timer"));
        timers.setRemoveOnCancelPolicy(true);
        timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timers.setKeepAliveTime(KEEP_ALIVE_MILLIS, TimeUnit.MILLISECONDS);
        timers.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory daemon(String threadName) {
        return task -> {
            // what the first user of a lane has inherited to its thread would otherwise be kept by it
            Thread thread = new Thread(null, task, threadName, 0, false);
            thread.setContextClassLoader(LiveScheduler.class.getClassLoader());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public long nanoTime() {
        return System.nanoTime() - origin;
    }

    @Override
    public Timer schedule(long deadline, Runnable action) {
        try {
            ScheduledFuture<?> future = timers.schedule(
                    () -> guarded(name + "-timer", action), deadline - nanoTime(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> false; // time has ended, as the contract says
        }
    }

    @Override
    public Lane lane(String laneName) {
        return new LiveLane(laneName, KEEP_ALIVE_MILLIS);
    }

    @Override
    public Lane rareLane(String laneName) {
        return new LiveLane(laneName, RARE_KEEP_ALIVE_MILLIS);
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
        timers.shutdownNow();
    }

    private void guarded(String where, Runnable action) {
        try {
            action.run();
        } catch (Throwable t) { // a fault of foreign code is contained here
            reporter.accept(where, t);
        }
    }

    private void count(int change) {
        if (busy.addAndGet(change) == 0) {
            synchronized (settleLock) {
                settleLock.notifyAll();
            }
        }
    }

    private final class LiveLane implements Lane {

        private final String laneName;
        private final ThreadPoolExecutor executor;
        private volatile Thread runner;

        LiveLane(String laneName, long keepAliveMillis) {
            this.laneName = laneName;
            executor = new ThreadPoolExecutor(
                    1,
                    1,
                    keepAliveMillis,
                    TimeUnit.MILLISECONDS,
                    new LinkedBlockingQueue<>(),
                    daemon(name + "-" + laneName));
            executor.allowCoreThreadTimeOut(true);
        }

        @Override
        public String name() {
            return laneName;
        }

        @Override
        public void execute(Runnable task) {
            count(1);
            boolean accepted = false;
            try {
                executor.execute(() -> run(task));
                accepted = true;
            } finally {
                if (!accepted) {
                    count(-1);
                }
            }
        }

        private void run(Runnable task) {
            runner = Thread.currentThread();
            try {
                guarded(laneName, task);
            } finally {
                runner = null;
                count(-1);
            }
        }

        @Override
        public Thread runner() {
            return runner;
        }

        @Override
        public void close() {
            executor.shutdown();
        }
    }
}
