package org.cardcage.kernel;

import org.cardcage.machine.Scheduler;

/**
 * Lets somebody else end a call that may block: the close of a file, the removal of a device, a shutdown. One token
 * belongs to one call.
 *
 * <p>Threads: the call's own thread waits (see {@link WaitQueue}); any thread cancels. {@code this} guards both fields.
 */
public final class CancelToken {

    private Errno reason;
    private Thread sleeper;
    private Scheduler scheduler;

    /**
     * Ends the call: its present or next wait throws {@code why}. The first call counts, further ones change nothing.
     */
    public void cancel(Errno why) {
        Thread wake;
        Scheduler with;
        synchronized (this) {
            if (reason != null) {
                return;
            }
            reason = why;
            wake = sleeper;
            with = scheduler;
        }
        if (wake != null) {
            with.unpark(wake);
        }
    }

    /** @throws KernelException with the errno of {@link #cancel}, if it was called */
    public synchronized void check() {
        if (reason != null) {
            throw new KernelException(reason);
        }
    }

    /** The calling thread is about to sleep on {@code with}; a cancel from now on wakes it. */
    synchronized void sleeping(Thread thread, Scheduler with) {
        sleeper = thread;
        scheduler = with;
    }
}
