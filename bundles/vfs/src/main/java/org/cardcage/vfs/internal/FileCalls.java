package org.cardcage.vfs.internal;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.DirectoryListener;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.PollEvent;
import org.cardcage.vfs.PollRequest;
import org.cardcage.vfs.SystemCalls;
import org.cardcage.vfs.internal.PathWalk.LastLink;

/**
 * The system calls: each walks its path, checks permissions and kinds, and leaves the rest to the file system.
 *
 * <p>Threads: any; it has no state of its own.
 */
public final class FileCalls implements SystemCalls {

    private static final int PERMISSION_BITS = 07777;

    private final Kernel kernel;
    private final MountTable mounts;
    private final PathWalk walk;

    public FileCalls(Kernel kernel, MountTable mounts) {
        this.kernel = kernel;
        this.mounts = mounts;
        walk = new PathWalk(mounts);
    }

    @Override
    public OpenFile open(Credentials who, String path, Set<OpenFlag> flags, int mode) {
        boolean create = flags.contains(OpenFlag.CREATE);
        boolean exclusive = create && flags.contains(OpenFlag.EXCLUSIVE);
        LastLink lastLink = exclusive || flags.contains(OpenFlag.NOFOLLOW) ? LastLink.KEEP : LastLink.FOLLOW;
        Found found = walk.walk(who, path, lastLink);
        if (found.isMissing()) {
            if (!create) {
                throw found.failure(Errno.ENOENT);
            }
            if (found.slash()) {
                throw found.failure(Errno.EISDIR);
            }
            requireChange(who, found.directory());
            Inode directory = found.directory().inode();
            try {
                return directory
                        .create(found.name(), mode & PERMISSION_BITS, who)
                        .open(flags);
            } catch (KernelException e) {
                if (exclusive || e.errno() != Errno.EEXIST) {
                    throw e;
                }
                return open(who, path, flags, mode); // somebody else was faster: theirs is opened
            }
        }
        if (exclusive) {
            throw found.failure(Errno.EEXIST);
        }
        return openExisting(who, found, flags);
    }

    private OpenFile openExisting(Credentials who, Found found, Set<OpenFlag> flags) {
        Inode inode = found.inode();
        boolean write = flags.contains(OpenFlag.WRITE);
        boolean truncate = flags.contains(OpenFlag.TRUNCATE);
        if (inode.type() == FileType.SYMLINK) {
            throw found.failure(flags.contains(OpenFlag.DIRECTORY) ? Errno.ENOTDIR : Errno.ELOOP);
        }
        if (flags.contains(OpenFlag.DIRECTORY) && !inode.isDirectory()) {
            throw found.failure(Errno.ENOTDIR);
        }
        if (inode.isDirectory() && (write || flags.contains(OpenFlag.CREATE))) {
            throw found.failure(Errno.EISDIR);
        }
        int mask = write ? Permissions.WRITE : Permissions.READ;
        if (write && flags.contains(OpenFlag.READ)) {
            mask |= Permissions.READ;
        }
        Permissions.require(who, inode, truncate ? mask | Permissions.WRITE : mask, found.path());
        if (inode.isDirectory()) {
            return new DirectoryFile(kernel, inode, flags);
        }
        OpenFile file = inode.open(flags);
        if (truncate && write && inode.type() == FileType.REGULAR) {
            boolean done = false;
            try {
                file.truncate(0);
                done = true;
            } finally {
                if (!done) {
                    file.close();
                }
            }
        }
        return file;
    }

    @Override
    public FileStatus stat(Credentials who, String path) {
        return walk.walk(who, path, LastLink.FOLLOW).inode().status();
    }

    @Override
    public FileStatus lstat(Credentials who, String path) {
        return walk.walk(who, path, LastLink.KEEP).inode().status();
    }

    @Override
    public String readlink(Credentials who, String path) {
        Found found = walk.walk(who, path, LastLink.KEEP);
        if (found.inode().type() != FileType.SYMLINK) {
            throw found.failure(Errno.EINVAL);
        }
        return found.inode().readlink();
    }

    @Override
    public String realpath(Credentials who, String path) {
        return walk.walk(who, path, LastLink.FOLLOW).existing().path();
    }

    @Override
    public List<DirectoryEntry> readdir(Credentials who, String path) {
        Found found = walk.walk(who, path, LastLink.FOLLOW);
        Inode inode = found.inode();
        if (!inode.isDirectory()) {
            throw found.failure(Errno.ENOTDIR);
        }
        Permissions.require(who, inode, Permissions.READ, path);
        return inode.list().stream()
                .sorted(Comparator.comparing(DirectoryEntry::name))
                .toList();
    }

    @Override
    public void access(Credentials who, String path, int mask) {
        Found found = walk.walk(who, path, LastLink.FOLLOW);
        Inode inode = found.inode();
        if (mask != 0) {
            Permissions.require(who, inode, mask, path);
        }
    }

    @Override
    public void mkdir(Credentials who, String path, int mode) {
        Found found = newName(who, path);
        found.directory().inode().mkdir(found.name(), mode & PERMISSION_BITS, who);
    }

    @Override
    public void symlink(Credentials who, String target, String path) {
        Found found = newName(who, path);
        if (found.slash() || target.isEmpty()) {
            throw found.failure(Errno.ENOENT);
        }
        found.directory().inode().symlink(found.name(), target, who);
    }

    @Override
    public void mknod(Credentials who, String path, int mode, int major, int minor) {
        Found found = newName(who, path);
        if (found.slash()) {
            throw found.failure(Errno.ENOENT);
        }
        if (who.uid() != 0) {
            throw found.failure(Errno.EPERM);
        }
        found.directory().inode().mknod(found.name(), mode & PERMISSION_BITS, major, minor, who);
    }

    private Found newName(Credentials who, String path) {
        Found found = walk.walk(who, path, LastLink.NAME);
        if (!found.isMissing()) {
            throw found.failure(Errno.EEXIST);
        }
        requireChange(who, found.directory());
        return found;
    }

    private static void requireChange(Credentials who, Place directory) {
        Permissions.require(who, directory.inode(), Permissions.WRITE | Permissions.EXECUTE, directory.path());
    }

    @Override
    public void unlink(Credentials who, String path) {
        Found found = walk.walk(who, path, LastLink.NAME);
        Inode victim = found.inode();
        if (victim.isDirectory()) {
            throw found.failure(Errno.EISDIR);
        }
        Permissions.requireDelete(who, found.directory(), victim, path);
        found.directory().inode().unlink(found.name());
    }

    @Override
    public void rmdir(Credentials who, String path) {
        Found found = walk.walk(who, path, LastLink.NAME);
        switch (found.last()) {
            case "." -> throw found.failure(Errno.EINVAL);
            case ".." -> throw found.failure(Errno.ENOTEMPTY);
            default -> rmdir(who, found);
        }
    }

    private void rmdir(Credentials who, Found found) {
        Inode victim = found.inode();
        if (!victim.isDirectory()) {
            throw found.failure(Errno.ENOTDIR);
        }
        requireIdle(found);
        Permissions.requireDelete(who, found.directory(), victim, found.path());
        found.directory().inode().rmdir(found.name());
    }

    private void requireIdle(Found found) {
        String path = found.canonicalPath();
        if (path.equals("/") || mounts.isBusy(path)) {
            throw new KernelException(Errno.EBUSY, path + " is a mount point or has one below it");
        }
    }

    @Override
    public void rename(Credentials who, String from, String to) {
        Found source = walk.walk(who, from, LastLink.NAME);
        Found target = walk.walk(who, to, LastLink.NAME);
        if (isDots(source) || isDots(target)) {
            throw source.failure(Errno.EBUSY);
        }
        Inode moved = source.inode();
        Inode directory = target.directory().inode();
        if (source.directory().inode().superBlock() != directory.superBlock()) {
            throw target.failure(Errno.EXDEV);
        }
        String sourcePath = source.canonicalPath();
        String targetPath = target.canonicalPath();
        if (sourcePath.equals(targetPath)) {
            return;
        }
        if (targetPath.startsWith(sourcePath + "/")) {
            throw target.failure(Errno.EINVAL);
        }
        if (sourcePath.startsWith(targetPath + "/")) {
            throw target.failure(Errno.ENOTEMPTY);
        }
        requireIdle(source);
        Permissions.requireDelete(who, source.directory(), moved, from);
        if (target.isMissing()) {
            if (target.slash() && !moved.isDirectory()) {
                throw target.failure(Errno.ENOTDIR);
            }
            requireChange(who, target.directory());
        } else {
            requireIdle(target);
            Permissions.requireDelete(who, target.directory(), target.inode(), to);
            if (moved.isDirectory() != target.inode().isDirectory()) {
                throw target.failure(moved.isDirectory() ? Errno.ENOTDIR : Errno.EISDIR);
            }
        }
        source.directory().inode().rename(source.name(), directory, target.name());
    }

    private static boolean isDots(Found found) {
        return found.last().isEmpty()
                || found.last().equals(".")
                || found.last().equals("..");
    }

    @Override
    public void chmod(Credentials who, String path, int mode) {
        Inode inode = walk.walk(who, path, LastLink.FOLLOW).inode();
        Permissions.requireOwner(who, inode, path);
        inode.chmod(mode & PERMISSION_BITS);
    }

    @Override
    public void utimes(Credentials who, String path, Instant modified) {
        Inode inode = walk.walk(who, path, LastLink.FOLLOW).inode();
        Permissions.requireOwner(who, inode, path);
        inode.utimes(modified);
    }

    @Override
    public List<Set<PollEvent>> poll(List<PollRequest> files, long deadline) {
        return new PollCall(kernel, files).await(deadline);
    }

    @Override
    public Runnable watchDirectory(Credentials who, String path, DirectoryListener listener) {
        Found found = walk.walk(who, path, LastLink.FOLLOW);
        if (!found.inode().isDirectory()) {
            throw found.failure(Errno.ENOTDIR);
        }
        Permissions.require(who, found.inode(), Permissions.READ, path);
        return found.inode().watch(new GuardedListener(kernel, listener));
    }
}
