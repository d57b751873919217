package org.cardcage.vfs.internal;

import java.nio.ByteBuffer;
import java.util.Set;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.Whence;

/** An open file whose bytes are kept somewhere. */
public final class RegularFile extends OpenDescription {

    private final Content content;

    /**
     * @param content closed with the file
     */
    public RegularFile(Kernel kernel, Inode inode, Set<OpenFlag> flags, Content content) {
        super(kernel, inode, flags);
        this.content = content;
    }

    @Override
    int readAt(CancelToken call, ByteBuffer to, long at) {
        return content.read(to, at);
    }

    @Override
    int writeAt(CancelToken call, ByteBuffer from, long at) {
        return content.write(from, at);
    }

    @Override
    long writeNext(CancelToken call, ByteBuffer from, long at) {
        return has(OpenFlag.APPEND) ? content.append(from) : super.writeNext(call, from, at);
    }

    @Override
    long seek(long current, long offset, Whence whence) {
        long position = whence.base(current, whence == Whence.END ? content.size() : 0) + offset;
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
        content.truncate(size);
    }

    @Override
    void closing() {
        content.close();
    }
}
