package org.cardcage.vfs.internal;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/**
 * Which file system is mounted where. A mount point is named by its path without links.
 *
 * <p>Threads: any.
 */
public final class MountTable {

    private final Place root;
    private final Map<String, SuperBlock> mounts = new ConcurrentHashMap<>();

    /**
     * @param rootFileSystem what {@code /} shows
     */
    public MountTable(SuperBlock rootFileSystem) {
        root = Place.root(rootFileSystem.root());
        mounts.put(root.path(), rootFileSystem);
    }

    /**
     * Shows a file system at a path.
     *
     * @param path absolute, without links and dots
     * @throws KernelException EBUSY if something is mounted there
     */
    public void mount(String path, SuperBlock fileSystem) {
        if (mounts.putIfAbsent(path, fileSystem) != null) {
            throw new KernelException(Errno.EBUSY, path + " is a mount point already");
        }
    }

    Place root() {
        return root;
    }

    /** What a path shows: the root of a file system mounted there, or else {@code covered}. */
    Inode at(String path, Inode covered) {
        SuperBlock mounted = mounts.get(path);
        return mounted == null ? covered : mounted.root();
    }

    /** Whether something is mounted at the path or below it. */
    boolean isBusy(String path) {
        String below = path + "/";
        return mounts.keySet().stream().anyMatch(m -> m.equals(path) || m.startsWith(below));
    }

    /** The content of {@code /proc/mounts}. */
    public String describe() {
        SortedMap<String, SuperBlock> sorted = new TreeMap<>(mounts);
        StringBuilder text = new StringBuilder();
        sorted.forEach((path, fs) -> text.append(fs.type())
                .append(' ')
                .append(path.replace(" ", "\\040"))
                .append(' ')
                .append(fs.type())
                .append(" rw 0 0\n"));
        return text.toString();
    }
}
