package org.cardcage.vfs.internal.sysfs;

import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.vfs.internal.Inode;
import org.cardcage.vfs.internal.SuperBlock;

/**
 * The objects of {@link org.cardcage.kernel.kobject.KObjects} as directories and files.
 *
 * <p>Threads: any. An inode number belongs to a name in a directory as long as the directory lives. {@code inodes} guards itself.
 */
public final class SysFs extends SuperBlock {

    private final Kernel kernel;
    private final AtomicLong lastInode = new AtomicLong();
    private final Map<KObject, Map<String, Long>> inodes = new WeakHashMap<>();

    public SysFs(int device, Kernel kernel) {
        super("sysfs", device);
        this.kernel = kernel;
    }

    @Override
    public Inode root() {
        return new SysInode(this, kernel.objects().root(), "", kernel.objects().root());
    }

    Kernel kernel() {
        return kernel;
    }

    /** The number of a name in a directory; of the directory itself for an empty name. */
    long inode(KObject directory, String name) {
        Map<String, Long> names;
        synchronized (inodes) {
            names = inodes.computeIfAbsent(directory, d -> new ConcurrentHashMap<>());
        }
        return names.computeIfAbsent(name, n -> lastInode.incrementAndGet());
    }
}
