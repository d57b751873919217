package org.cardcage.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardcage.machine.Scheduler;

/**
 * Knows who is inside something that may go away. Once it is shut, new callers are refused, those inside are cancelled,
 * and {@link #drain} waits until the last has left (what SRCU does for Linux's revocable resources).
 *
 * <p>Threads: any. {@code this} guards all fields.
 */
public final class CallGate {

    private final Map<CancelToken, Thread> inside = new LinkedHashMap<>();
    private final WaitQueue emptied;
    private Errno shut;

    /**
     * @param name says in reports what is waited for
     */
    public CallGate(Scheduler scheduler, String name) {
        emptied = new WaitQueue(scheduler, "callers of " + name);
    }

    /**
     * The calling thread goes in; {@link #leave} must follow in a finally block.
     *
     * @param cancel the call's token; cancelled when the gate is shut
     * @throws KernelException the errno of {@link #shut}, if it was called
     */
    public synchronized void enter(CancelToken cancel) {
        if (shut != null) {
            throw new KernelException(shut);
        }
        inside.put(cancel, Thread.currentThread());
    }

    /** The call with this token is done. */
    public void leave(CancelToken cancel) {
        boolean last;
        synchronized (this) {
            inside.remove(cancel);
            last = shut != null && inside.isEmpty();
        }
        if (last) {
            emptied.wakeUp();
        }
    }

    /** Refuses callers with {@code why} from now on and cancels those inside. The first call counts. */
    public void shut(Errno why) {
        List<CancelToken> cancelled;
        synchronized (this) {
            if (shut != null) {
                return;
            }
            shut = why;
            cancelled = new ArrayList<>(inside.keySet());
        }
        cancelled.forEach(token -> token.cancel(why));
    }

    /** Waits until nobody is inside, or until {@code deadline}; whether nobody is. */
    public boolean drain(long deadline) {
        return emptied.awaitUninterruptibly(deadline, this::isEmpty);
    }

    private synchronized boolean isEmpty() {
        return inside.isEmpty();
    }

    /** The threads inside just now, for reports and to recognise a caller that waits for itself. */
    public synchronized List<Thread> callers() {
        return new ArrayList<>(inside.values());
    }
}
