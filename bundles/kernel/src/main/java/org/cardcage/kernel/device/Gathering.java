package org.cardcage.kernel.device;

import org.cardcage.kernel.WaitQueue;
import org.cardcage.machine.Scheduler;

/**
 * Brings the lanes of several devices to a halt, so that nothing is under way with any of them while something is done with
 * all. The last lane that arrives does it; the others wait for that. As long as it has not begun, it can be given up, so that
 * two gatherings that wait for each other, or one driver that hangs, hold nobody for ever.
 *
 * <p>Threads: {@link #arrive} on the lanes, the others on the thread that waits. {@code this} guards all fields.
 */
final class Gathering {

    private final Runnable action;
    private final WaitQueue end;
    private int missing;
    private boolean begun;
    private boolean over;
    private RuntimeException fault;
    private Error error;

    /** @param lanes how many will arrive, at least 1 */
    Gathering(Scheduler scheduler, int lanes, Runnable action) {
        this.action = action;
        this.missing = lanes;
        this.end = new WaitQueue(scheduler, "all devices of a group to be at rest");
    }

    /** A lane is at rest, and stays so until this returns. */
    void arrive() {
        boolean last;
        synchronized (this) {
            last = --missing == 0 && !over;
            begun |= last;
        }
        if (last) {
            run();
        } else {
            end.awaitUninterruptibly(this::isOver);
        }
    }

    private void run() {
        RuntimeException thrown = null;
        Error fatal = null;
        try {
            action.run();
        } catch (RuntimeException e) {
            thrown = e;
        } catch (Error e) {
            fatal = e;
        }
        synchronized (this) {
            fault = thrown;
            error = fatal;
            over = true;
        }
        end.wakeUp();
    }

    private synchronized boolean isOver() {
        return over;
    }

    /**
     * Waits until it is done, or until {@code deadline} if it has not begun by then; throws what the action has thrown.
     *
     * @return whether it has been done; if not, it never will
     */
    boolean await(long deadline) {
        if (!end.awaitUninterruptibly(deadline, this::isOver) && giveUp()) {
            end.wakeUp();
            return false;
        }
        end.awaitUninterruptibly(this::isOver);
        synchronized (this) {
            if (error != null) {
                throw error;
            }
            if (fault != null) {
                throw fault;
            }
        }
        return true;
    }

    private synchronized boolean giveUp() {
        if (begun) {
            return false;
        }
        over = true;
        return true;
    }
}
