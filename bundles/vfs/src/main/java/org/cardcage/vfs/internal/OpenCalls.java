package org.cardcage.vfs.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;

/**
 * The calls under way on one open file, so that its close can end them. It does for a file what a {@link
 * org.cardcage.kernel.CallGate} does for a device, but without a lock, since each read of a device passes both.
 *
 * <p>Threads: any. A call notes itself before it looks at {@code closed}, a close sets {@code closed} before it looks at
 * the calls: one of the two sees the other.
 */
final class OpenCalls {

    private final Map<CancelToken, Thread> inside = new ConcurrentHashMap<>(4);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final WaitQueue emptied;

    OpenCalls(Kernel kernel) {
        emptied = new WaitQueue(kernel.scheduler(), "callers of a file that is being closed");
    }

    /**
     * A call begins; {@link #leave} must follow in a finally block.
     *
     * @throws KernelException EBADF if the file is closed
     */
    CancelToken enter() {
        CancelToken call = new CancelToken();
        inside.put(call, Thread.currentThread());
        if (closed.get()) {
            leave(call);
            throw new KernelException(Errno.EBADF, "the file is closed");
        }
        return call;
    }

    void leave(CancelToken call) {
        inside.remove(call);
        if (closed.get() && inside.isEmpty()) {
            emptied.wakeUp();
        }
    }

    boolean isClosed() {
        return closed.get();
    }

    /**
     * Refuses further calls and cancels those under way with EBADF.
     *
     * @return false if that has been done before
     * @throws KernelException EDEADLK if the caller is inside a call itself and so would wait for its own end
     */
    boolean shut() {
        if (inside.containsValue(Thread.currentThread())) {
            throw new KernelException(Errno.EDEADLK, "a call on a file cannot close that file");
        }
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        inside.keySet().forEach(call -> call.cancel(Errno.EBADF));
        return true;
    }

    /** Waits until all calls have left. */
    void drain() {
        emptied.awaitUninterruptibly(inside::isEmpty);
    }
}
