package org.cardcage.machine;

/**
 * Time, and the threads that time needs. Two forms exist: {@link LiveScheduler}, on which time is real, and {@link
 * SteppedScheduler} for tests, on which one thread does everything and time passes only when that thread sleeps.
 *
 * <p>Who waits does so in this loop, and who changes the condition calls {@link #unpark} afterwards:
 *
 * <pre>{@code
 * while (!condition()) {
 *     scheduler.park("what I wait for", deadline);
 * }
 * }</pre>
 */
public interface Scheduler {

    /** A deadline that never comes. */
    long NEVER = Long.MAX_VALUE;

    /** Monotonic time in nanoseconds since this scheduler was made; never negative. */
    long nanoTime();

    /**
     * Runs {@code action} at {@code deadline} or as soon after it as possible. The action must be short; it runs on a
     * thread that all timers share. Once the scheduler has ended it never runs.
     *
     * @param deadline in the time of {@link #nanoTime}
     */
    Timer schedule(long deadline, Runnable action);

    /** A lane of its own; {@code name} appears in thread dumps and reports. */
    Lane lane(String name);

    /**
     * A lane for something of which there may be thousands and that seldom has work: no thread stays with it between two
     * tasks.
     */
    default Lane rareLane(String name) {
        return lane(name);
    }

    /**
     * Waits until {@link #unpark} of the calling thread, {@code deadline}, an interrupt of the thread, or for no reason.
     * Returns at once if the thread is interrupted; does not clear the interrupt flag.
     *
     * @param what says in reports what the thread waits for
     * @param deadline in the time of {@link #nanoTime}, or {@link #NEVER}
     * @throws SleepsForEverException on a stepped scheduler, if nothing is left to run that could end the wait
     */
    void park(String what, long deadline);

    /** Makes the present or the next {@link #park} of {@code thread} return. */
    void unpark(Thread thread);

    /**
     * Waits until no lane has a task left to run, or until {@code deadline} (udevadm calls this to settle). A timer that
     * is not yet due is not waited for.
     *
     * @return whether that state was seen
     */
    boolean settle(long deadline) throws InterruptedException;
}
