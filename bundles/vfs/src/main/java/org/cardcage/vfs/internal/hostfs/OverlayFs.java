package org.cardcage.vfs.internal.hostfs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.cardcage.kernel.Kernel;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.internal.Inode;
import org.cardcage.vfs.internal.SuperBlock;

/**
 * A writable folder of the host over read-only ones (Linux {@code fs/overlayfs}). A name is looked up from the top down;
 * whatever is changed is copied up first. In the upper folder an empty file {@code .wh.NAME} (a whiteout) hides NAME of the
 * layers below, and {@code .wh..wh..opq} in a folder hides all that the layers below have in it.
 *
 * <p>Threads: any. This object guards changes of the upper folder, so that each is one step; the layers below must not
 * change.
 */
public final class OverlayFs extends SuperBlock {

    static final String WHITEOUT = ".wh.";

    /** These two hide no name, since no name begins with {@link #WHITEOUT}. */
    static final String OPAQUE = WHITEOUT + ".wh..opq";

    static final String COPY = WHITEOUT + ".wh..copy";

    /** What {@code stat} shows as the identity of a file. */
    private record Identity(long inode, int device) {
        static Identity of(FileStatus status) {
            return new Identity(status.inode(), status.device());
        }
    }

    private final Kernel kernel;
    private final OverlayInode root;
    private final Map<Identity, Identity> origins = new ConcurrentHashMap<>();

    /**
     * @param upper takes all changes; made if it is missing
     * @param lowers shown below it, the first one on top
     */
    public OverlayFs(int device, Kernel kernel, Path upper, List<Path> lowers) {
        super("overlay", device);
        this.kernel = kernel;
        HostFile top = new HostFile(upper.toAbsolutePath());
        top.createDirectories();
        List<HostFile> below = lowers.stream()
                .map(lower -> new HostFile(lower.toAbsolutePath()))
                .filter(HostFile::isDirectory)
                .toList();
        root = new OverlayInode(this, null, "", top, below, top.status());
    }

    @Override
    public Inode root() {
        return root;
    }

    Kernel kernel() {
        return kernel;
    }

    /** A file keeps its inode number when it is copied up. */
    void copiedUp(FileStatus lower, FileStatus upper) {
        origins.put(Identity.of(upper), Identity.of(lower));
    }

    /** The host may give the number of a deleted file to another. */
    void deleted(FileStatus upper) {
        origins.remove(Identity.of(upper));
    }

    FileStatus shown(FileStatus s) {
        Identity origin = origins.get(Identity.of(s));
        if (origin == null) {
            return s;
        }
        return new FileStatus(
                origin.inode(),
                origin.device(),
                s.type(),
                s.permissions(),
                s.links(),
                s.uid(),
                s.gid(),
                s.size(),
                s.major(),
                s.minor(),
                s.modified());
    }
}
