package org.cardcage.vfs;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The file calls of the kernel, on one tree. Paths are absolute, with {@code /} between names; {@code .} and {@code ..}
 * and symbolic links are resolved as on Linux, a trailing slash asks for a directory.
 *
 * <p>Threads: any.
 *
 * <p>Errors, all as {@link org.cardcage.kernel.KernelException}: ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG and EACCES from the
 * walk of any path, and those named at each call.
 */
@ProviderType
public interface SystemCalls {

    /**
     * Opens a file ({@code open(2)}).
     *
     * @param mode permission bits for a file that is created
     * @throws org.cardcage.kernel.KernelException EEXIST, EISDIR, ENOTDIR, ELOOP, EROFS; ENXIO for a node without a driver;
     *     what the driver's open throws
     */
    OpenFile open(Credentials who, String path, Set<OpenFlag> flags, int mode);

    /** Status of what a path leads to ({@code stat(2)}). */
    FileStatus stat(Credentials who, String path);

    /** Status of a name, a symbolic link itself ({@code lstat(2)}). */
    FileStatus lstat(Credentials who, String path);

    /** The text of a symbolic link ({@code readlink(2)}); EINVAL for others. */
    String readlink(Credentials who, String path);

    /** The path without links, {@code .} and {@code ..} ({@code realpath(3)}). */
    String realpath(Credentials who, String path);

    /** Names in a directory, in the order of their names. */
    List<DirectoryEntry> readdir(Credentials who, String path);

    /**
     * Whether something may be done ({@code access(2)}).
     *
     * @param mask 4 to read, 2 to write, 1 to execute or search, or a sum of these; 0 asks for existence
     */
    void access(Credentials who, String path, int mask);

    /** Makes a directory; EEXIST, EPERM where the file system makes none. */
    void mkdir(Credentials who, String path, int mode);

    /** Makes a symbolic link with the text {@code target}. */
    void symlink(Credentials who, String target, String path);

    /** Makes a character device node; EPERM unless root or where the file system has none. */
    void mknod(Credentials who, String path, int mode, int major, int minor);

    /** Removes a name; EISDIR for a directory. */
    void unlink(Credentials who, String path);

    /** Removes an empty directory; ENOTEMPTY, EBUSY where something is mounted. */
    void rmdir(Credentials who, String path);

    /** Gives a file another name in the same file system; EXDEV across file systems. */
    void rename(Credentials who, String from, String to);

    /** Changes permission bits. */
    void chmod(Credentials who, String path, int mode);

    /** Sets the time of the last change. */
    void utimes(Credentials who, String path, java.time.Instant modified);

    /**
     * Waits until something can be done with one of the files ({@code poll(2)}).
     *
     * @param deadline in the time of the kernel, see {@link org.cardcage.kernel.Kernel#nanoTime}; what has passed means not to
     *     wait, {@link org.cardcage.machine.Scheduler#NEVER} means for ever
     * @return what holds of each file, in their order; nothing of any if the time is over
     * @throws org.cardcage.kernel.KernelException EINTR if the thread is interrupted
     */
    List<Set<PollEvent>> poll(List<PollRequest> files, long deadline);

    /**
     * Tells of names in a directory from now on ({@code inotify(7)}).
     *
     * @return ends that
     * @throws org.cardcage.kernel.KernelException ENOTDIR; EACCES without permission to read; EOPNOTSUPP where names change without
     *     the kernel hearing of it, as in {@code /host}
     */
    Runnable watchDirectory(Credentials who, String path, DirectoryListener listener);
}
