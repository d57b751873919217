package org.cardcage.vfs.internal;

import java.nio.ByteBuffer;
import org.cardcage.kernel.KernelException;

/**
 * The bytes of an ordinary file while it is open.
 *
 * <p>Threads: any, at once. Errors: {@link KernelException}; EBADF for a call that {@link #close} has ended.
 */
public interface Content extends AutoCloseable {

    /** How many bytes were read; 0 at the end. */
    int read(ByteBuffer to, long position);

    /** How many bytes were written; a gap before {@code position} reads as zeros. */
    int write(ByteBuffer from, long position);

    /** Writes all of {@code from} at the end, in one piece; the position behind it. */
    long append(ByteBuffer from);

    /** The present length in bytes. */
    long size();

    /** A new length; what is added reads as zeros. */
    void truncate(long size);

    @Override
    default void close() {}
}
