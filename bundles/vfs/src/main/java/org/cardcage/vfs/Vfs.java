package org.cardcage.vfs;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.cardcage.kernel.Kernel;
import org.cardcage.vfs.internal.FileTree;

/**
 * The file system layer of one kernel: {@code /} in memory, {@code /dev} with the nodes of the kernel's character devices,
 * {@code /proc} with its entries, {@code /host} with the files of the host, and the folders of {@link SystemFolders}.
 *
 * <p>Threads: any.
 */
public final class Vfs implements SystemCalls, AutoCloseable {

    private final FileTree tree;
    private final SystemCalls calls;

    /** A tree that keeps nothing on the host. */
    public Vfs(Kernel kernel) {
        this(kernel, SystemFolders.inMemory("0"));
    }

    /**
     * @throws org.cardcage.kernel.KernelException EBUSY if the kernel has a file system layer already; what the host
     *     answers when a folder is made
     */
    public Vfs(Kernel kernel, SystemFolders folders) {
        tree = new FileTree(kernel, folders);
        calls = tree.calls();
    }

    /** Takes the kernel's own nodes and entries away; files of devices that are still open give ENODEV. */
    @Override
    public void close() {
        tree.close();
    }

    @Override
    public OpenFile open(Credentials who, String path, Set<OpenFlag> flags, int mode) {
        return calls.open(who, path, flags, mode);
    }

    @Override
    public FileStatus stat(Credentials who, String path) {
        return calls.stat(who, path);
    }

    @Override
    public FileStatus lstat(Credentials who, String path) {
        return calls.lstat(who, path);
    }

    @Override
    public String readlink(Credentials who, String path) {
        return calls.readlink(who, path);
    }

    @Override
    public String realpath(Credentials who, String path) {
        return calls.realpath(who, path);
    }

    @Override
    public List<DirectoryEntry> readdir(Credentials who, String path) {
        return calls.readdir(who, path);
    }

    @Override
    public void access(Credentials who, String path, int mask) {
        calls.access(who, path, mask);
    }

    @Override
    public void mkdir(Credentials who, String path, int mode) {
        calls.mkdir(who, path, mode);
    }

    @Override
    public void symlink(Credentials who, String target, String path) {
        calls.symlink(who, target, path);
    }

    @Override
    public void mknod(Credentials who, String path, int mode, int major, int minor) {
        calls.mknod(who, path, mode, major, minor);
    }

    @Override
    public void unlink(Credentials who, String path) {
        calls.unlink(who, path);
    }

    @Override
    public void rmdir(Credentials who, String path) {
        calls.rmdir(who, path);
    }

    @Override
    public void rename(Credentials who, String from, String to) {
        calls.rename(who, from, to);
    }

    @Override
    public void chmod(Credentials who, String path, int mode) {
        calls.chmod(who, path, mode);
    }

    @Override
    public void utimes(Credentials who, String path, Instant modified) {
        calls.utimes(who, path, modified);
    }
}
