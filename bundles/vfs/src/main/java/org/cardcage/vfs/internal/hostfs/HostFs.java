package org.cardcage.vfs.internal.hostfs;

import java.nio.file.Path;
import org.cardcage.kernel.Kernel;
import org.cardcage.vfs.internal.Inode;
import org.cardcage.vfs.internal.SuperBlock;

/**
 * A folder of the host with all that is below it. Its links lead to where they lead on the host if the folder is the root
 * of the host, and never out of the folder.
 *
 * <p>Threads: any. The host guards its own files; what the user of the JVM may not do is EACCES, whoever asks.
 */
public final class HostFs extends SuperBlock {

    private final Kernel kernel;
    private final HostInode root;

    /**
     * @param folder that becomes the root
     */
    public HostFs(int device, Kernel kernel, Path folder) {
        super("hostfs", device);
        this.kernel = kernel;
        HostFile file = new HostFile(folder.toAbsolutePath());
        root = new HostInode(this, file, file.status());
    }

    @Override
    public Inode root() {
        return root;
    }

    @Override
    public boolean confinesLinks() {
        return true;
    }

    Kernel kernel() {
        return kernel;
    }
}
