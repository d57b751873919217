package org.cardcage.machine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A lane of the {@link LiveScheduler}. It borrows a thread for its first task and keeps it for some time after the last one,
 * during which a task is handed over by a queue and one unpark.
 *
 * <p>Threads: any, without a lock. Who adds a task looks at {@code state} afterwards; the lane's thread, when it comes to rest,
 * changes {@code state} and looks for tasks afterwards; so one of the two sees the other.
 */
final class LiveLane implements Lane {

    private enum State {
        /** There is no thread. */
        RESTING,
        /** There is one, which looks for tasks before it rests. */
        AWAKE,
        /** There is one, which is parked until somebody makes it {@code AWAKE}. */
        WAITING
    }

    private final LiveScheduler scheduler;
    private final LaneThreads threads;
    private final String name;
    private final long patience;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.RESTING);
    /** The thread there is; written before it becomes {@code WAITING}. */
    private volatile Thread thread;

    private volatile Thread runner;
    private volatile boolean closed;

    /** @param patience how long the thread waits for one more task, in nanoseconds */
    LiveLane(LiveScheduler scheduler, LaneThreads threads, String name, long patience) {
        this.scheduler = scheduler;
        this.threads = threads;
        this.name = name;
        this.patience = patience;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Thread runner() {
        return runner;
    }

    @Override
    public void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("lane " + name + " is closed");
        }
        scheduler.taskAccepted();
        tasks.add(task);
        if (state.compareAndSet(State.WAITING, State.AWAKE)) {
            LockSupport.unpark(thread);
        } else if (state.compareAndSet(State.RESTING, State.AWAKE)) {
            borrowThread(task);
        }
    }

    /** @param first what is not accepted after all if there is no thread to be had */
    private void borrowThread(Runnable first) {
        boolean borrowed = false;
        try {
            threads.lend(name, this::work);
            borrowed = true;
        } finally {
            if (!borrowed) {
                tasks.remove(first);
                scheduler.taskEnded();
                state.set(State.RESTING);
            }
        }
    }

    private void work() {
        do {
            // another thread may have come and gone since this one was about to rest
            thread = Thread.currentThread();
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                run(task);
            }
            awaitTask();
        } while (!rest());
    }

    private void run(Runnable task) {
        runner = thread;
        scheduler.guarded(name, task);
        runner = null;
        Thread.interrupted(); // it was meant for this task
        scheduler.taskEnded();
    }

    /** Returns when there is a task or none has come for too long. */
    private void awaitTask() {
        if (patience == 0 || closed) {
            return;
        }
        long end = System.nanoTime() + patience;
        state.set(State.WAITING);
        while (state.get() == State.WAITING) {
            long left = end - System.nanoTime();
            if (!tasks.isEmpty() || closed || left <= 0) {
                state.set(State.AWAKE);
            } else {
                LockSupport.parkNanos(this, left);
                Thread.interrupted(); // else it would not park again
            }
        }
    }

    /** Gives the thread back if there is nothing to do; whether it has. */
    private boolean rest() {
        if (!tasks.isEmpty()) {
            return false;
        }
        state.set(State.RESTING);
        return tasks.isEmpty() || !state.compareAndSet(State.RESTING, State.AWAKE);
    }

    @Override
    public void close() {
        closed = true;
        if (state.compareAndSet(State.WAITING, State.AWAKE)) {
            LockSupport.unpark(thread);
        }
    }
}
