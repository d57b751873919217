package org.cardcage.vfs.internal.tmpfs;

import java.util.concurrent.atomic.AtomicLong;
import org.cardcage.kernel.Kernel;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.internal.SuperBlock;

/**
 * Files in memory (Linux {@code mm/shmem.c}).
 *
 * <p>Threads: any. The tree is guarded by this object, so that a rename is one step; the bytes of a file are guarded by the
 * file.
 */
public class TmpFs extends SuperBlock {

    private final Kernel kernel;
    private final AtomicLong inodes = new AtomicLong();
    private final TmpDirectory root;

    /**
     * @param kernel whose devices its nodes lead to
     * @param mode permission bits of the root directory
     */
    public TmpFs(int device, Kernel kernel, int mode) {
        this("tmpfs", device, kernel, mode);
    }

    TmpFs(String type, int device, Kernel kernel, int mode) {
        super(type, device);
        this.kernel = kernel;
        root = new TmpDirectory(this, mode, Credentials.ROOT);
    }

    @Override
    public final TmpDirectory root() {
        return root;
    }

    final Kernel kernel() {
        return kernel;
    }

    final long nextInode() {
        return inodes.incrementAndGet();
    }
}
