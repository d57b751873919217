package org.cardcage.vfs.internal.nio;

import java.util.Optional;
import org.cardcage.kernel.KernelException;

/**
 * Remembers for each thread its last write that failed. A {@code PrintStream} swallows the exception of a write and only
 * keeps a flag; who finds the flag set asks here for the errno.
 */
final class WriteErrors {

    private final ThreadLocal<KernelException> last = new ThreadLocal<>();

    void failed(KernelException e) {
        last.set(e);
    }

    /** The last failure of the calling thread, which is then forgotten. */
    Optional<KernelException> take() {
        Optional<KernelException> taken = Optional.ofNullable(last.get());
        last.remove();
        return taken;
    }
}
