package org.cardcage.vfs;

import java.nio.file.FileSystem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.internal.FileTree;
import org.cardcage.vfs.internal.nio.CageFileSystem;

/**
 * The file system layer of one kernel: {@code /} in memory, {@code /dev} with the nodes of the kernel's character devices,
 * {@code /proc} with its entries, {@code /host} with the files of the host, and the folders of {@link SystemFolders}.
 *
 * <p>Threads: any.
 */
public final class Vfs implements SystemCalls, AutoCloseable {

    private final FileTree tree;
    private final SystemCalls calls;
    private final CageFileSystem fileSystem;

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
        fileSystem = new CageFileSystem(calls);
    }

    /**
     * The tree for {@code java.nio.file}, on which everything is done as root; paths are {@code cage:///path}. Each {@link
     * java.io.IOException} of a call that the tree refuses has a {@link KernelException} among its causes. An interrupt
     * closes the channel that the thread blocks on ({@link java.nio.channels.ClosedByInterruptException}); mapping and
     * locking are not supported.
     */
    public FileSystem fileSystem() {
        return fileSystem;
    }

    /**
     * The last write through {@link #fileSystem} that failed on the calling thread, which is then forgotten. For those who
     * write through a {@link java.io.PrintStream}: it swallows the exception and keeps a flag only ({@link
     * java.io.PrintStream#checkError}). Ask once before, to forget what was, and once after.
     */
    public Optional<KernelException> takeWriteError() {
        return fileSystem.takeWriteError();
    }

    /**
     * Takes the kernel's own nodes and entries away; files of devices that are still open give ENODEV, and {@link
     * #fileSystem} is closed.
     */
    @Override
    public void close() {
        fileSystem.shutDown();
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

    @Override
    public List<Set<PollEvent>> poll(List<PollRequest> files, long deadline) {
        return calls.poll(files, deadline);
    }

    @Override
    public Runnable watchDirectory(Credentials who, String path, DirectoryListener listener) {
        return calls.watchDirectory(who, path, listener);
    }
}
