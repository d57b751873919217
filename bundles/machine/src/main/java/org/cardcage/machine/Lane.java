package org.cardcage.machine;

import java.util.concurrent.Executor;

/**
 * Runs tasks one after the other in the order of {@link #execute}, each seeing what the one before did. A task may wait as
 * long as it likes: only its own lane is held up. What a task throws does not end the lane.
 */
public interface Lane extends Executor, AutoCloseable {

    /** The name, with which the name of the thread behind it ends. */
    String name();

    /**
     * @throws java.util.concurrent.RejectedExecutionException if the lane is closed
     */
    @Override
    void execute(Runnable task);

    /** The thread that runs a task of this lane just now, or null. For reports about tasks that do not end. */
    Thread runner();

    /** Accepts nothing more; what was accepted still runs. Does not wait. */
    @Override
    void close();
}
