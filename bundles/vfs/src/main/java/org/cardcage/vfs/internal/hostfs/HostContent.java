package org.cardcage.vfs.internal.hostfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.internal.Content;

/**
 * The bytes of an open host file. An interrupt during a call closes the host's channel, as NIO will have it; the call ends
 * with EINTR and later ones with EBADF.
 *
 * <p>Threads: any; {@code appendLock} makes an append one step among the users of this file.
 */
final class HostContent implements Content {

    private final Path path;
    private final FileChannel channel;
    private final boolean positions;
    private final Object appendLock = new Object();

    /**
     * @param positions false for a terminal or a pipe, which is read and written where it stands
     */
    HostContent(Path path, FileChannel channel, boolean positions) {
        this.path = path;
        this.channel = channel;
        this.positions = positions;
    }

    @Override
    public int read(ByteBuffer to, long position) {
        return HostErrors.call(path, () -> Math.max(0, positions ? channel.read(to, position) : channel.read(to)));
    }

    @Override
    public int write(ByteBuffer from, long position) {
        return HostErrors.call(path, () -> positions ? channel.write(from, position) : channel.write(from));
    }

    @Override
    public long append(ByteBuffer from) {
        if (!positions) {
            return write(from, 0);
        }
        return HostErrors.call(path, () -> {
            synchronized (appendLock) {
                long at = channel.size();
                while (from.hasRemaining()) {
                    at += channel.write(from, at);
                }
                return at;
            }
        });
    }

    @Override
    public long size() {
        return HostErrors.call(path, channel::size);
    }

    @Override
    public void truncate(long size) {
        if (!positions) {
            throw new KernelException(Errno.EINVAL, path + " has no length");
        }
        HostErrors.call(path, () -> {
            synchronized (appendLock) {
                long present = channel.size();
                if (size < present) {
                    channel.truncate(size);
                } else if (size > present) {
                    channel.write(ByteBuffer.allocate(1), size - 1);
                }
            }
            return null;
        });
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new KernelException(HostErrors.errnoOf(e), "close of host file " + path, e);
        }
    }
}
