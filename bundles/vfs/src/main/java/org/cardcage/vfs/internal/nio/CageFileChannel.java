package org.cardcage.vfs.internal.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.DeviceChannel;
import org.cardcage.vfs.FileMapping;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.PollEvent;
import org.cardcage.vfs.Whence;

/**
 * An open file as NIO sees it. As NIO demands, an interrupt closes the channel and leaves the thread's flag set; a close ends
 * the calls of other threads.
 *
 * <p>Threads: any; the open file underneath does the waiting.
 */
final class CageFileChannel extends FileChannel implements DeviceChannel {

    private static final int CHUNK = 8192;

    private interface Call<T> {
        T run();
    }

    private final CageFileSystem fileSystem;
    private final OpenFile file;
    private final String path;
    private final Set<OpenFlag> flags;
    private final Runnable afterClose;

    /**
     * @param path for messages
     * @param afterClose done once the file is closed
     */
    CageFileChannel(CageFileSystem fileSystem, OpenFile file, String path, Set<OpenFlag> flags, Runnable afterClose) {
        this.fileSystem = fileSystem;
        this.file = file;
        this.path = path;
        this.flags = flags;
        this.afterClose = afterClose;
    }

    private <T> T call(Call<T> call) throws IOException {
        requireOpen();
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted(new KernelException(Errno.EINTR));
        }
        try {
            return call.run();
        } catch (KernelException e) {
            throw translate(e);
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private IOException translate(KernelException e) throws IOException {
        if (e.errno() == Errno.EINTR) {
            return interrupted(e);
        }
        if (e.errno() == Errno.EBADF && !isOpen()) {
            IOException closed = new AsynchronousCloseException();
            closed.initCause(e);
            return closed;
        }
        return NioErrors.translate(e, path, null);
    }

    private IOException interrupted(KernelException e) throws IOException {
        close();
        IOException closed = new ClosedByInterruptException();
        closed.initCause(e);
        return closed;
    }

    private int readCall(ByteBuffer to, Call<Integer> read) throws IOException {
        requireOpen();
        if (!flags.contains(OpenFlag.READ)) {
            throw new NonReadableChannelException();
        }
        boolean room = to.hasRemaining();
        int count = call(read);
        return count == 0 && room ? -1 : count;
    }

    private <T> T writeCall(Call<T> write) throws IOException {
        requireOpen();
        if (!flags.contains(OpenFlag.WRITE)) {
            throw new NonWritableChannelException();
        }
        return call(() -> {
            try {
                return write.run();
            } catch (KernelException e) {
                fileSystem.writeErrors().failed(e);
                throw e;
            }
        });
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        return readCall(to, () -> file.read(to));
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
        if (position < 0) {
            throw new IllegalArgumentException("position " + position);
        }
        return readCall(to, () -> file.pread(to, position));
    }

    /** One system call for each buffer, until one is not filled. */
    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            int count = to[i].hasRemaining() ? read(to[i]) : 0;
            if (count < 0) {
                return total == 0 ? -1 : total;
            }
            total += count;
            if (to[i].hasRemaining()) {
                break;
            }
        }
        return total;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return writeCall(() -> file.write(from));
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
        if (position < 0) {
            throw new IllegalArgumentException("position " + position);
        }
        return writeCall(() -> file.pwrite(from, position));
    }

    /** One system call for each buffer, until one is not emptied. */
    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += from[i].hasRemaining() ? write(from[i]) : 0;
            if (from[i].hasRemaining()) {
                break;
            }
        }
        return total;
    }

    @Override
    public long position() throws IOException {
        return call(() -> file.llseek(0, Whence.CUR));
    }

    @Override
    public FileChannel position(long position) throws IOException {
        if (position < 0) {
            throw new IllegalArgumentException("position " + position);
        }
        call(() -> file.llseek(position, Whence.SET));
        return this;
    }

    @Override
    public long size() throws IOException {
        return call(() -> file.status().size());
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        if (size < 0) {
            throw new IllegalArgumentException("size " + size);
        }
        writeCall(() -> {
            if (size < file.status().size()) {
                file.truncate(size);
            }
            if (file.llseek(0, Whence.CUR) > size) {
                file.llseek(size, Whence.SET);
            }
            return null;
        });
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        call(() -> {
            file.fsync(!metaData);
            return null;
        });
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        long done = 0;
        while (done < count) {
            ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, count - done));
            if (read(chunk, position + done) <= 0) {
                break;
            }
            chunk.flip();
            int written = target.write(chunk);
            done += written;
            if (chunk.hasRemaining()) {
                break;
            }
        }
        return done;
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
        long done = 0;
        while (done < count) {
            ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, count - done));
            if (source.read(chunk) <= 0) {
                break;
            }
            chunk.flip();
            while (chunk.hasRemaining()) {
                done += write(chunk, position + done);
            }
        }
        return done;
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException("a file of this tree cannot be mapped through NIO");
    }

    /** Never waits, see {@link FileLocks}. */
    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        requireOpen();
        if (shared && !flags.contains(OpenFlag.READ)) {
            throw new NonReadableChannelException();
        }
        if (!shared && !flags.contains(OpenFlag.WRITE)) {
            throw new NonWritableChannelException();
        }
        Object identity = call(() -> new CageAttributes(file.status()).fileKey());
        FileLock lock = fileSystem.locks().lock(identity, this, position, size, shared);
        if (!isOpen()) { // perhaps the close has not seen it
            fileSystem.locks().removeAll(this);
            throw new AsynchronousCloseException();
        }
        return lock;
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return lock(position, size, shared);
    }

    @Override
    public int ioctl(int command, ByteBuffer in, ByteBuffer out) throws IOException {
        return call(() -> file.ioctl(command, in, out));
    }

    @Override
    public Set<PollEvent> poll() {
        return file.poll();
    }

    @Override
    public Runnable watch(Runnable changed) {
        return file.watch(changed);
    }

    @Override
    public void setAsync(Optional<Consumer<PollEvent>> handler) throws IOException {
        call(() -> {
            file.setAsync(handler);
            return null;
        });
    }

    @Override
    public FileMapping mmap(long offset, long length) throws IOException {
        return call(() -> file.mmap(offset, length));
    }

    @Override
    protected void implCloseChannel() throws IOException {
        fileSystem.locks().removeAll(this);
        try {
            NioErrors.run(path, null, file::close);
        } finally {
            NioErrors.run(path, null, afterClose);
        }
    }
}
