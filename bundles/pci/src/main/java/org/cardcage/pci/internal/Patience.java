package org.cardcage.pci.internal;

import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.machine.Timer;

/**
 * For what waits for several drivers one after the other: together they have the kernel's time-out for removals, and who is
 * asked after that is not waited for. So one that hangs does not keep anything from the others.
 */
public final class Patience implements AutoCloseable {

    private final CancelToken token = new CancelToken();
    private final Timer timer;

    /** The time begins to run. */
    public Patience(Kernel kernel) {
        timer = kernel.scheduler()
                .schedule(kernel.nanoTime() + kernel.removeTimeout(), () -> token.cancel(Errno.ETIMEDOUT));
    }

    /** To be given to what waits; a wait throws ETIMEDOUT when the time is over. */
    public CancelToken token() {
        return token;
    }

    @Override
    public void close() {
        timer.cancel();
    }
}
