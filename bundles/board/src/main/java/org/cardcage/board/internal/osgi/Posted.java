package org.cardcage.board.internal.osgi;

import java.util.concurrent.atomic.AtomicBoolean;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Scheduler;

/** A job on a lane that somebody waits for, though not for ever. */
final class Posted {

    private Posted() {}

    /**
     * Posts the job and waits.
     *
     * @param what says in reports what is waited for
     * @param patience in nanoseconds
     * @return whether the job has ended; false if it took too long or the thread was interrupted
     */
    static boolean run(Scheduler scheduler, Lane lane, String what, long patience, Runnable job) {
        Thread waiter = Thread.currentThread();
        AtomicBoolean done = new AtomicBoolean();
        lane.execute(() -> {
            try {
                job.run();
            } finally {
                done.set(true);
                scheduler.unpark(waiter);
            }
        });
        long deadline = scheduler.nanoTime() + patience;
        while (!done.get() && scheduler.nanoTime() < deadline && !waiter.isInterrupted()) {
            scheduler.park(what, deadline);
        }
        return done.get();
    }
}
