package org.cardcage.kernel.proc;

import java.nio.ByteBuffer;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/**
 * An entry of {@code /proc} that is more than a text (Linux {@code struct proc_ops}).
 *
 * <p>Threads: those of readers and writers, at once. Errors: {@link KernelException}.
 */
public interface ProcFile {

    /** The length that the file claims to have, in bytes. */
    default long size() {
        return 0;
    }

    /**
     * Reads into the remaining space of {@code to}.
     *
     * @param position in bytes
     * @param cancel what a wait must use
     * @return how many bytes; 0 at the end
     */
    int read(ByteBuffer to, long position, CancelToken cancel);

    /** Writes the remaining bytes of {@code from}; how many were taken. EIO unless overridden. */
    default int write(ByteBuffer from, long position, CancelToken cancel) {
        throw new KernelException(Errno.EIO, "the entry takes no data");
    }
}
