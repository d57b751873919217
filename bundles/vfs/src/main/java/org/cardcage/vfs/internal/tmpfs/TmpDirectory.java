package org.cardcage.vfs.internal.tmpfs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.DirectoryListener;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.internal.Inode;

/**
 * A directory in memory. Threads: any; the file system's monitor guards {@code children} and {@code removed} of all
 * directories.
 */
public final class TmpDirectory extends TmpInode {

    private final Map<String, TmpInode> children = new TreeMap<>();
    private final List<DirectoryListener> listeners = new CopyOnWriteArrayList<>();
    private boolean removed;

    TmpDirectory(TmpFs fs, int permissions, Credentials owner) {
        super(fs, FileType.DIRECTORY, permissions, owner);
    }

    @Override
    int links() {
        synchronized (fs()) {
            return 2
                    + (int) children.values().stream()
                            .filter(Inode::isDirectory)
                            .count();
        }
    }

    @Override
    public Optional<Inode> lookup(String name) {
        synchronized (fs()) {
            return Optional.ofNullable(children.get(name));
        }
    }

    @Override
    public List<DirectoryEntry> list() {
        synchronized (fs()) {
            return children.entrySet().stream()
                    .map(e -> new DirectoryEntry(
                            e.getKey(), e.getValue().type(), e.getValue().number()))
                    .toList();
        }
    }

    @Override
    public Inode create(String name, int mode, Credentials who) {
        return add(name, new TmpFile(fs(), mode, who));
    }

    @Override
    public void mkdir(String name, int mode, Credentials who) {
        add(name, new TmpDirectory(fs(), mode, who));
    }

    @Override
    public void symlink(String name, String target, Credentials who) {
        add(name, new TmpLink(fs(), target, who));
    }

    @Override
    public void mknod(String name, int mode, int major, int minor, Credentials who) {
        addNode(name, mode, major, minor);
    }

    /** A node of the superuser's, as by {@link #mknod}. */
    TmpInode addNode(String name, int mode, int major, int minor) {
        return add(name, new TmpNode(fs(), mode, major, minor));
    }

    private <T extends TmpInode> T add(String name, T inode) {
        synchronized (fs()) {
            if (removed) {
                throw new KernelException(Errno.ENOENT, "the directory has been removed");
            }
            if (children.putIfAbsent(name, inode) != null) {
                throw new KernelException(Errno.EEXIST, name + ": File exists");
            }
        }
        added(name);
        return inode;
    }

    @Override
    public void unlink(String name) {
        synchronized (fs()) {
            if (present(name).isDirectory()) {
                throw new KernelException(Errno.EISDIR, name + ": Is a directory");
            }
            children.remove(name);
        }
        removed(name);
    }

    /** Removes the name if it still means this file; nothing happens if it does not. */
    void unlink(String name, TmpInode expected) {
        boolean was;
        synchronized (fs()) {
            was = children.remove(name, expected);
        }
        if (was) {
            removed(name);
        }
    }

    @Override
    public void rmdir(String name) {
        TmpDirectory gone;
        synchronized (fs()) {
            if (!(present(name) instanceof TmpDirectory directory)) {
                throw new KernelException(Errno.ENOTDIR, name + ": Not a directory");
            }
            directory.requireEmpty(name);
            directory.removed = true;
            children.remove(name);
            gone = directory;
        }
        removed(name);
        gone.listeners.forEach(DirectoryListener::directoryRemoved);
    }

    @Override
    public void rename(String name, Inode toDirectory, String toName) {
        TmpDirectory target = (TmpDirectory) toDirectory;
        TmpInode before;
        synchronized (fs()) {
            TmpInode moved = present(name);
            if (target.removed) {
                throw new KernelException(Errno.ENOENT, "the target directory has been removed");
            }
            before = target.children.get(toName);
            if (before instanceof TmpDirectory replaced) {
                replaced.requireEmpty(toName);
                replaced.removed = true;
            }
            children.remove(name);
            target.children.put(toName, moved);
        }
        removed(name);
        target.added(toName);
        if (before instanceof TmpDirectory replaced) {
            replaced.listeners.forEach(DirectoryListener::directoryRemoved);
        }
    }

    private void added(String name) {
        touch();
        listeners.forEach(listener -> listener.added(name));
    }

    private void removed(String name) {
        touch();
        listeners.forEach(listener -> listener.removed(name));
    }

    @Override
    public Runnable watch(DirectoryListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private TmpInode present(String name) {
        TmpInode child = children.get(name);
        if (child == null) {
            throw new KernelException(Errno.ENOENT, name + ": No such file or directory");
        }
        return child;
    }

    private void requireEmpty(String name) {
        if (!children.isEmpty()) {
            throw new KernelException(Errno.ENOTEMPTY, name + ": Directory not empty");
        }
    }
}
