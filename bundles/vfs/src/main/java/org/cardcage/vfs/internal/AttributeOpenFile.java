package org.cardcage.vfs.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.kobject.AttributeFile;
import org.cardcage.kernel.kobject.TextAttribute;
import org.cardcage.machine.IoMemory;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.Whence;

/**
 * An open attribute of {@code /sys} (Linux {@code fs/sysfs/file.c}). A text is made anew by a read at its beginning, and each
 * write is one value, wherever the position is.
 */
public final class AttributeOpenFile extends OpenDescription {

    private final AttributeFile attribute;
    private volatile byte[] text;

    public AttributeOpenFile(Kernel kernel, Inode inode, Set<OpenFlag> flags, AttributeFile attribute) {
        super(kernel, inode, flags);
        this.attribute = attribute;
    }

    @Override
    int readAt(CancelToken call, ByteBuffer to, long at) {
        if (!attribute.isText()) {
            return attribute.read(to, at, call);
        }
        byte[] bytes = text;
        if (at == 0 || bytes == null) {
            bytes = attribute.show(call).getBytes(StandardCharsets.UTF_8);
            text = bytes;
        }
        int count = (int) Math.min(to.remaining(), Math.max(0, bytes.length - at));
        if (count > 0) {
            to.put(bytes, (int) at, count);
        }
        return count;
    }

    @Override
    int writeAt(CancelToken call, ByteBuffer from, long at) {
        if (!attribute.isText()) {
            return attribute.write(from, at, call);
        }
        byte[] bytes = new byte[Math.min(from.remaining(), TextAttribute.MAX_SIZE)];
        if (bytes.length > 0) {
            from.get(from.position(), bytes);
            attribute.store(new String(bytes, StandardCharsets.UTF_8), call);
            from.position(from.position() + bytes.length);
        }
        return bytes.length;
    }

    @Override
    long seek(long current, long offset, Whence whence) {
        long position = whence.base(current, attribute.size()) + offset;
        if (position < 0) {
            throw new KernelException(Errno.EINVAL, "position " + position);
        }
        return position;
    }

    @Override
    int command(CancelToken call, int command, ByteBuffer in, ByteBuffer out) {
        throw new KernelException(Errno.ENOTTY);
    }

    @Override
    IoMemory map(CancelToken call, long offset, long length) {
        IoMemory whole = attribute.map(call);
        if (offset > whole.length() || length > whole.length() - offset) {
            throw new KernelException(Errno.EINVAL, attribute.name() + " has " + whole.length() + " bytes");
        }
        return whole.window(offset, length);
    }

    /** Linux accepts the O_TRUNC of a shell's redirection. */
    @Override
    void resize(long size) {}
}
