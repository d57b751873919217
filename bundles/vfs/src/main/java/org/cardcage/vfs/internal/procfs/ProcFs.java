package org.cardcage.vfs.internal.procfs;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.cardcage.kernel.Kernel;
import org.cardcage.vfs.internal.Inode;
import org.cardcage.vfs.internal.SuperBlock;

/**
 * The entries of {@link org.cardcage.kernel.proc.ProcEntries} as files, and the directories that their paths imply.
 *
 * <p>Threads: any. An inode number belongs to a path for ever.
 */
public final class ProcFs extends SuperBlock {

    private final Kernel kernel;
    private final Instant mounted = Instant.now();
    private final AtomicLong lastInode = new AtomicLong();
    private final Map<String, Long> inodes = new ConcurrentHashMap<>();
    private final ProcInode root;

    public ProcFs(int device, Kernel kernel) {
        super("proc", device);
        this.kernel = kernel;
        root = new ProcInode(this, "", false);
    }

    @Override
    public Inode root() {
        return root;
    }

    Kernel kernel() {
        return kernel;
    }

    Instant mounted() {
        return mounted;
    }

    long inode(String path) {
        return inodes.computeIfAbsent(path, p -> lastInode.incrementAndGet());
    }
}
