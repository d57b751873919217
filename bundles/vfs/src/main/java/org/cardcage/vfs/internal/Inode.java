package org.cardcage.vfs.internal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.DirectoryListener;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;

/**
 * A file of a file system (Linux {@code struct inode} and {@code inode_operations}). The callers have checked permissions
 * and kinds before; what is not overridden answers as Linux does for a missing operation.
 *
 * <p>Threads: any; each file system guards its own state.
 *
 * <p>Errors: {@link KernelException}. Whatever makes a name answers EEXIST if it is taken, whatever removes one ENOENT if
 * it is not there.
 */
public abstract class Inode {

    private final SuperBlock superBlock;

    protected Inode(SuperBlock superBlock) {
        this.superBlock = superBlock;
    }

    /** The file system it belongs to. */
    public final SuperBlock superBlock() {
        return superBlock;
    }

    public abstract FileType type();

    /** Present status; a new one at each call. */
    public abstract FileStatus status();

    public final boolean isDirectory() {
        return type() == FileType.DIRECTORY;
    }

    /** The file with this name in this directory; the name is neither {@code .} nor {@code ..}. */
    public Optional<Inode> lookup(String name) {
        throw new KernelException(Errno.ENOTDIR);
    }

    /** The names in this directory, in any order. */
    public List<DirectoryEntry> list() {
        throw new KernelException(Errno.ENOTDIR);
    }

    /** Tells of names in this directory until the answer is run. */
    public Runnable watch(DirectoryListener listener) {
        throw new KernelException(Errno.EOPNOTSUPP, superBlock.type() + " does not tell of its names");
    }

    /** The text of this symbolic link. */
    public String readlink() {
        throw new KernelException(Errno.EINVAL);
    }

    /** Opens this file, which is not a directory. TRUNCATE is the caller's business. */
    public OpenFile open(Set<OpenFlag> flags) {
        throw new KernelException(Errno.ENXIO);
    }

    /** Makes an ordinary, empty file in this directory. */
    public Inode create(String name, int mode, Credentials who) {
        throw new KernelException(Errno.EACCES, superBlock.type() + " has no files of its users");
    }

    /** Makes a directory in this directory. */
    public void mkdir(String name, int mode, Credentials who) {
        throw notPermitted("directories");
    }

    /** Makes a symbolic link in this directory. */
    public void symlink(String name, String target, Credentials who) {
        throw notPermitted("links");
    }

    /** Makes a character device node in this directory. */
    public void mknod(String name, int mode, int major, int minor, Credentials who) {
        throw notPermitted("device nodes");
    }

    /** Removes the name of something that is no directory. */
    public void unlink(String name) {
        throw notPermitted("removal");
    }

    /** Removes an empty directory; ENOTEMPTY for others. */
    public void rmdir(String name) {
        throw notPermitted("removal");
    }

    /**
     * Moves a file to a directory of the same file system; a file of the same kind that has the new name is replaced,
     * ENOTEMPTY if that is a directory that is not empty.
     */
    public void rename(String name, Inode toDirectory, String toName) {
        throw notPermitted("renaming");
    }

    /** New permission bits. */
    public void chmod(int mode) {
        throw notPermitted("change of permissions");
    }

    /** New time of the last change. */
    public void utimes(Instant modified) {
        throw notPermitted("change of times");
    }

    private KernelException notPermitted(String what) {
        return new KernelException(Errno.EPERM, superBlock.type() + " allows no " + what);
    }
}
