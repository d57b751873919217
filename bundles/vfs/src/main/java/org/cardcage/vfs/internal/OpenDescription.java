package org.cardcage.vfs.internal;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.machine.IoMemory;
import org.cardcage.vfs.FileMapping;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.PollEvent;
import org.cardcage.vfs.PollTable;
import org.cardcage.vfs.Whence;

/**
 * What all open files have in common (POSIX: open file description): mode of opening, position, and the order of closing.
 *
 * <p>Threads: any. {@code positionLock} guards {@code position}; {@code privateData} is volatile. {@code uses} counts the open
 * file and its mappings; whoever ends the last one releases the file.
 */
abstract class OpenDescription implements OpenFile {

    private static final int PAGE = 4096;

    private final Inode inode;
    private final Set<OpenFlag> flags;
    private final boolean readable;
    private final boolean writable;
    private final OpenCalls calls;
    private final PositionLock positionLock;
    private final Watchers watchers;
    private final AtomicInteger uses = new AtomicInteger(1);
    private long position;
    private volatile Object privateData;

    OpenDescription(Kernel kernel, Inode inode, Set<OpenFlag> flags) {
        this.inode = inode;
        this.flags = flags.isEmpty() ? EnumSet.noneOf(OpenFlag.class) : EnumSet.copyOf(flags);
        writable = flags.contains(OpenFlag.WRITE);
        readable = flags.contains(OpenFlag.READ) || !writable;
        calls = new OpenCalls(kernel);
        positionLock = new PositionLock(kernel);
        watchers = new Watchers(kernel);
    }

    /** A call passes on to whatever else it must enter; here to nothing. */
    void entered(CancelToken call) {}

    /** The opposite of {@link #entered}. */
    void left(CancelToken call) {}

    abstract int readAt(CancelToken call, ByteBuffer to, long at);

    abstract int writeAt(CancelToken call, ByteBuffer from, long at);

    /** A write of a call without a position: what it has taken and where the position is then. */
    long writeNext(CancelToken call, ByteBuffer from, long at) {
        return at + writeAt(call, from, at);
    }

    abstract long seek(long current, long offset, Whence whence);

    abstract int command(CancelToken call, int command, ByteBuffer in, ByteBuffer out);

    abstract void resize(long size);

    /** What can be done without sleeping, and in {@code table} what that depends on. */
    Set<PollEvent> ready(PollTable table) {
        return PollEvent.ALWAYS_READY;
    }

    IoMemory map(CancelToken call, long offset, long length) {
        throw new KernelException(Errno.ENODEV, "the file cannot be mapped");
    }

    void synchronise(CancelToken call, boolean dataOnly) {
        throw new KernelException(Errno.EINVAL, "there is nothing to synchronise");
    }

    /** Somebody begins or ceases to be told of events. */
    void async(boolean on) {}

    /** A user closes the file; others may still be inside. What it throws is the answer of the close. */
    void flush() {}

    /** The answer of {@link #poll} may have changed. */
    final void readinessChanged() {
        watchers.changed();
    }

    /** The file is closed and calls under way have been told; whatever they block in besides is ended here. */
    void closing() {}

    /** No call is under way any more. */
    void released() {}

    private CancelToken enter() {
        CancelToken call = calls.enter();
        try {
            entered(call);
        } catch (KernelException e) {
            calls.leave(call);
            throw e;
        }
        return call;
    }

    private void leave(CancelToken call) {
        try {
            left(call);
        } finally {
            calls.leave(call);
        }
    }

    @Override
    public final int read(ByteBuffer to) {
        requireReadable();
        CancelToken call = enter();
        try {
            positionLock.lock(call);
            try {
                int count = readAt(call, to, position);
                position += count;
                return count;
            } finally {
                positionLock.unlock();
            }
        } finally {
            leave(call);
        }
    }

    @Override
    public final int write(ByteBuffer from) {
        requireWritable();
        CancelToken call = enter();
        try {
            positionLock.lock(call);
            try {
                int before = from.remaining();
                position = writeNext(call, from, position);
                return before - from.remaining();
            } finally {
                positionLock.unlock();
            }
        } finally {
            leave(call);
        }
    }

    @Override
    public final int pread(ByteBuffer to, long at) {
        requireReadable();
        requirePosition(at);
        CancelToken call = enter();
        try {
            return readAt(call, to, at);
        } finally {
            leave(call);
        }
    }

    @Override
    public final int pwrite(ByteBuffer from, long at) {
        requireWritable();
        requirePosition(at);
        CancelToken call = enter();
        try {
            return writeAt(call, from, at);
        } finally {
            leave(call);
        }
    }

    @Override
    public final long llseek(long offset, Whence whence) {
        CancelToken call = enter();
        try {
            positionLock.lock(call);
            try {
                position = seek(position, offset, whence);
                return position;
            } finally {
                positionLock.unlock();
            }
        } finally {
            leave(call);
        }
    }

    @Override
    public final int ioctl(int command, ByteBuffer in, ByteBuffer out) {
        CancelToken call = enter();
        try {
            return command(call, command, in, out);
        } finally {
            leave(call);
        }
    }

    @Override
    public final Set<PollEvent> poll() {
        try (PollTable none = new PollTable(() -> {})) {
            return poll(none);
        }
    }

    private Set<PollEvent> poll(PollTable table) {
        CancelToken call;
        try {
            call = enter();
        } catch (KernelException e) {
            return calls.isClosed() ? EnumSet.of(PollEvent.NVAL) : EnumSet.of(PollEvent.ERR, PollEvent.HUP);
        }
        try {
            return ready(table);
        } finally {
            leave(call);
        }
    }

    @Override
    public final Runnable watch(Runnable changed) {
        Runnable end = watchers.add(changed);
        PollTable table = new PollTable(changed);
        poll(table);
        return () -> {
            end.run();
            table.close();
        };
    }

    @Override
    public final void setAsync(Optional<Consumer<PollEvent>> handler) {
        CancelToken call = enter();
        try {
            if (watchers.setHandler(handler) != handler.isPresent()) {
                async(handler.isPresent());
            }
        } finally {
            leave(call);
        }
    }

    @Override
    public final void signal(PollEvent event) {
        watchers.signal(event);
    }

    @Override
    public final FileMapping mmap(long offset, long length) {
        if (!readable || !writable) {
            throw new KernelException(Errno.EACCES, "a mapping needs a file that is open for reading and writing");
        }
        if (offset < 0 || offset % PAGE != 0 || length <= 0) {
            throw new KernelException(Errno.EINVAL, "mapping of " + length + " bytes at " + offset);
        }
        CancelToken call = enter();
        try {
            IoMemory memory = map(call, offset, length);
            uses.incrementAndGet(); // the call under way keeps it above 0
            return new Mapping(memory);
        } finally {
            leave(call);
        }
    }

    private final class Mapping implements FileMapping {

        private final IoMemory memory;
        private final AtomicBoolean closed = new AtomicBoolean();

        Mapping(IoMemory memory) {
            this.memory = memory;
        }

        @Override
        public IoMemory memory() {
            return memory;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                memory.revoke(() -> new KernelException(Errno.EFAULT, "the mapping is closed"));
                endUse();
            }
        }
    }

    private void endUse() {
        if (uses.decrementAndGet() == 0) {
            released();
        }
    }

    @Override
    public final void fsync(boolean dataOnly) {
        CancelToken call = enter();
        try {
            synchronise(call, dataOnly);
        } finally {
            leave(call);
        }
    }

    @Override
    public final void truncate(long size) {
        if (!writable || size < 0) {
            throw new KernelException(Errno.EINVAL, writable ? "length " + size : "the file is not open for writing");
        }
        CancelToken call = enter();
        try {
            resize(size);
        } finally {
            leave(call);
        }
    }

    @Override
    public FileStatus status() {
        if (calls.isClosed()) {
            throw new KernelException(Errno.EBADF, "the file is closed");
        }
        return inode.status();
    }

    @Override
    public final void close() {
        if (calls.shut()) {
            try {
                flush();
                closing();
            } finally {
                calls.drain();
                try {
                    if (watchers.close()) {
                        async(false);
                    }
                } finally {
                    endUse();
                }
            }
        }
    }

    private void requireReadable() {
        if (!readable) {
            throw new KernelException(Errno.EBADF, "the file is not open for reading");
        }
    }

    private void requireWritable() {
        if (!writable) {
            throw new KernelException(Errno.EBADF, "the file is not open for writing");
        }
    }

    private static void requirePosition(long at) {
        if (at < 0) {
            throw new KernelException(Errno.EINVAL, "position " + at);
        }
    }

    final boolean has(OpenFlag flag) {
        return flags.contains(flag);
    }

    @Override
    public final boolean isNonBlocking() {
        return has(OpenFlag.NONBLOCK);
    }

    @Override
    public final Object privateData() {
        return privateData;
    }

    @Override
    public final void setPrivateData(Object data) {
        privateData = data;
    }
}
