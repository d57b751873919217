package org.cardcage.vfs.internal.tmpfs;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.internal.Content;
import org.cardcage.vfs.internal.RegularFile;

/**
 * An ordinary file in memory, of at most {@value #MAX_SIZE} bytes. Threads: any; {@code this} guards {@code bytes} and
 * {@code size}.
 */
final class TmpFile extends TmpInode implements Content {

    private static final int MAX_SIZE = 1 << 30;

    private byte[] bytes = {};
    private int size;

    TmpFile(TmpFs fs, int permissions, Credentials owner) {
        super(fs, FileType.REGULAR, permissions, owner);
    }

    @Override
    public OpenFile open(Set<OpenFlag> flags) {
        return new RegularFile(fs().kernel(), this, flags, this);
    }

    @Override
    public synchronized int read(ByteBuffer to, long position) {
        if (position >= size) {
            return 0;
        }
        int count = Math.min(to.remaining(), size - (int) position);
        to.put(bytes, (int) position, count);
        return count;
    }

    @Override
    public synchronized int write(ByteBuffer from, long position) {
        int count = from.remaining();
        if (count > 0) {
            reserve(position + count);
            from.get(bytes, (int) position, count);
            size = Math.max(size, (int) position + count);
            touch();
        }
        return count;
    }

    @Override
    public synchronized long append(ByteBuffer from) {
        write(from, size);
        return size;
    }

    @Override
    public synchronized long size() {
        return size;
    }

    @Override
    public synchronized void truncate(long length) {
        reserve(length);
        if (length < size) {
            Arrays.fill(bytes, (int) length, size, (byte) 0);
        }
        size = (int) length;
        touch();
    }

    /** Bytes behind {@code size} are always zero, so that growing shows zeros. */
    private void reserve(long length) {
        if (length > MAX_SIZE || length < 0) {
            throw new KernelException(Errno.EFBIG, "a file in memory has at most " + MAX_SIZE + " bytes");
        }
        if (length > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(length, Math.min(MAX_SIZE, bytes.length * 2L)));
        }
    }
}
