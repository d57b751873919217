package org.cardcage.machine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;

/**
 * Time for tests: nothing happens by itself. Lane tasks and due timers run when the one thread of the test sleeps ({@link
 * #park}) or asks for it ({@link #settle}, {@link #advance}). If it sleeps and no task is left, time jumps to the next
 * deadline; if there is none either, the sleep would never end and fails with a list of the sleepers.
 *
 * <p>Threads: one, that of the test. Whatever would run or wait throws {@link IllegalStateException} on another thread. What a
 * task throws is thrown into whoever made it run, so that the test fails.
 */
public final class SteppedScheduler implements Scheduler {

    private record Task(SteppedLane lane, Runnable action) {}

    private static final class Due implements Timer, Comparable<Due> {
        final long deadline;
        final long order;
        final Runnable action;
        final PriorityQueue<Due> queue;

        Due(long deadline, long order, Runnable action, PriorityQueue<Due> queue) {
            this.deadline = deadline;
            this.order = order;
            this.action = action;
            this.queue = queue;
        }

        @Override
        public boolean cancel() {
            return queue.remove(this);
        }

        @Override
        public int compareTo(Due o) {
            int c = Long.compare(deadline, o.deadline);
            return c != 0 ? c : Long.compare(order, o.order);
        }
    }

    private final Thread owner = Thread.currentThread();
    private final ArrayDeque<Task> ready = new ArrayDeque<>();
    private final PriorityQueue<Due> timers = new PriorityQueue<>();
    private final List<String> sleepers = new ArrayList<>();
    private long now;
    private long order;
    private boolean unparked;

    private void checkThread() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("a stepped machine belongs to the thread \"" + owner.getName()
                    + "\" and was used from \"" + Thread.currentThread().getName() + "\"; use the live one");
        }
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Timer schedule(long deadline, Runnable action) {
        checkThread();
        Due due = new Due(deadline, order++, action, timers);
        timers.add(due);
        return due;
    }

    @Override
    public Lane lane(String name) {
        return new SteppedLane(name);
    }

    @Override
    public void park(String what, long deadline) {
        checkThread();
        if (Thread.currentThread().isInterrupted() || deadline <= now) {
            return;
        }
        if (unparked) {
            unparked = false;
            return;
        }
        sleepers.add(what);
        try {
            if (runOne()) {
                return;
            }
            Due next = timers.peek();
            if (next != null && next.deadline <= deadline) {
                now = Math.max(now, next.deadline);
                runOne();
            } else if (deadline != NEVER) {
                now = deadline;
            } else {
                throw new SleepsForEverException(String.join(", inside it ", sleepers));
            }
        } finally {
            sleepers.remove(sleepers.size() - 1);
        }
    }

    @Override
    public void unpark(Thread thread) {
        unparked = true;
    }

    /** Runs lane tasks and timers that are due, without letting time pass, until none is left. */
    @Override
    public boolean settle(long deadline) {
        checkThread();
        boolean ran = true;
        while (ran) {
            ran = runOne();
        }
        return ready.isEmpty();
    }

    /**
     * Lets {@code nanos} pass and runs what becomes due on the way, each at its own time.
     *
     * @param nanos not negative
     */
    public void advance(long nanos) {
        checkThread();
        long target = now + nanos;
        settle(NEVER);
        while (!timers.isEmpty() && timers.peek().deadline <= target) {
            now = Math.max(now, timers.peek().deadline);
            settle(NEVER);
        }
        now = Math.max(now, target);
    }

    /** Runs one task whose lane is free, or else one timer that is due. */
    private boolean runOne() {
        Task task = null;
        for (Task candidate : ready) {
            if (candidate.lane == null || !candidate.lane.running) {
                task = candidate;
                break;
            }
        }
        if (task != null) {
            ready.remove(task);
            task.lane.run(task.action);
            return true;
        }
        Due due = timers.peek();
        if (due != null && due.deadline <= now) {
            timers.remove();
            due.action.run();
            return true;
        }
        return false;
    }

    private final class SteppedLane implements Lane {

        private final String name;
        private boolean running;
        private boolean closed;

        SteppedLane(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void execute(Runnable task) {
            checkThread();
            if (closed) {
                throw new RejectedExecutionException("lane " + name + " is closed");
            }
            ready.add(new Task(this, task));
        }

        void run(Runnable action) {
            running = true;
            try {
                action.run();
            } finally {
                running = false;
            }
        }

        @Override
        public Thread runner() {
            return running ? owner : null;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
