package org.cardcage.vfs.internal;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.Supplier;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kernel.proc.ProcFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.Whence;

/** An open entry of {@code /proc} that has reads and writes of its own. */
public final class ProcOpenFile extends OpenDescription {

    private final Kernel kernel;
    private final String path;
    private final ProcFile entry;

    /**
     * @param path with {@code /proc}, for reports
     */
    public ProcOpenFile(Kernel kernel, Inode inode, Set<OpenFlag> flags, String path, ProcFile entry) {
        super(kernel, inode, flags);
        this.kernel = kernel;
        this.path = path;
        this.entry = entry;
    }

    @Override
    int readAt(CancelToken call, ByteBuffer to, long at) {
        return guarded("read", () -> entry.read(to, at, call));
    }

    @Override
    int writeAt(CancelToken call, ByteBuffer from, long at) {
        return guarded("write", () -> entry.write(from, at, call));
    }

    private int guarded(String operation, Supplier<Integer> code) {
        try {
            return code.get();
        } catch (KernelException e) {
            throw e;
        } catch (Throwable t) { // a fault of foreign code is contained
            kernel.oops(new KernelModule("vfs"), operation + " of " + path, t);
            throw new KernelException(Errno.EIO, operation + " of " + path + " has failed", t);
        }
    }

    @Override
    long seek(long current, long offset, Whence whence) {
        long position = whence.base(current, entry.size()) + offset;
        if (position < 0) {
            throw new KernelException(Errno.EINVAL, "position " + position);
        }
        return position;
    }

    @Override
    int command(CancelToken call, int command, ByteBuffer in, ByteBuffer out) {
        throw new KernelException(Errno.ENOTTY);
    }

    /** Linux accepts the O_TRUNC of a shell's redirection. */
    @Override
    void resize(long size) {}
}
