package org.cardcage.vfs.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;

/**
 * Makes calls that share the position of a file take turns (Linux {@code f_pos_lock}). A plain lock would not do: its
 * holder may sleep in a driver, and who waits behind it must still hear of a close, an interrupt or a removal.
 *
 * <p>Threads: any; a thread must not take it twice.
 */
final class PositionLock {

    private final AtomicBoolean held = new AtomicBoolean();
    private final WaitQueue free;

    PositionLock(Kernel kernel) {
        free = new WaitQueue(kernel.scheduler(), "the position of a file");
    }

    /**
     * Waits for the turn.
     *
     * @throws KernelException EINTR on interrupt, or the token's errno
     */
    void lock(CancelToken cancel) {
        if (!tryLock()) {
            free.await(cancel, this::tryLock);
        }
    }

    private boolean tryLock() {
        return !held.get() && held.compareAndSet(false, true);
    }

    void unlock() {
        held.set(false);
        if (free.hasSleepers()) {
            free.wakeUp();
        }
    }
}
