package org.cardcage.vfs.internal;

import java.nio.ByteBuffer;
import java.util.Set;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.Whence;

/** An open directory: it has a status and nothing to read. */
final class DirectoryFile extends OpenDescription {

    DirectoryFile(Kernel kernel, Inode inode, Set<OpenFlag> flags) {
        super(kernel, inode, flags);
    }

    @Override
    int readAt(CancelToken call, ByteBuffer to, long at) {
        throw new KernelException(Errno.EISDIR);
    }

    @Override
    int writeAt(CancelToken call, ByteBuffer from, long at) {
        throw new KernelException(Errno.EISDIR);
    }

    @Override
    long seek(long current, long offset, Whence whence) {
        long position = whence.base(current, 0) + offset;
        if (position < 0) {
            throw new KernelException(Errno.EINVAL, "position " + position);
        }
        return position;
    }

    @Override
    int command(CancelToken call, int command, ByteBuffer in, ByteBuffer out) {
        throw new KernelException(Errno.ENOTTY);
    }

    /** Nothing is held back. */
    @Override
    void synchronise(CancelToken call, boolean dataOnly) {}

    @Override
    void resize(long size) {
        throw new KernelException(Errno.EINVAL, "a directory has no length");
    }
}
