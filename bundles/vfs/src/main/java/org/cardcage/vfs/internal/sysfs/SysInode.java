package org.cardcage.vfs.internal.sysfs;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.kobject.AttributeFile;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.kernel.kobject.KObjectEntry;
import org.cardcage.kernel.kobject.KObjectLink;
import org.cardcage.kernel.kobject.KObjects;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.DirectoryListener;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.internal.AttributeOpenFile;
import org.cardcage.vfs.internal.Inode;

/** A directory, link or attribute of {@code /sys}. It has no state; the objects are asked at each call. */
final class SysInode extends Inode {

    private static final int READ_BITS = 0444;
    private static final int WRITE_BITS = 0222;

    private final SysFs fs;
    private final KObject directory;
    private final String name;
    private final KObjectEntry entry;

    /**
     * @param directory where it is; the directory itself for a directory
     * @param name its name there; empty for a directory
     */
    SysInode(SysFs fs, KObject directory, String name, KObjectEntry entry) {
        super(fs);
        this.fs = fs;
        this.directory = directory;
        this.name = name;
        this.entry = entry;
    }

    private static SysInode of(SysFs fs, KObject parent, String name, KObjectEntry entry) {
        return entry instanceof KObject object
                ? new SysInode(fs, object, "", object)
                : new SysInode(fs, parent, name, entry);
    }

    @Override
    public FileType type() {
        if (entry instanceof KObject) {
            return FileType.DIRECTORY;
        }
        return entry instanceof KObjectLink ? FileType.SYMLINK : FileType.REGULAR;
    }

    @Override
    public FileStatus status() {
        int links = 1;
        int permissions = 0777;
        long size = 0;
        if (entry instanceof KObject object) {
            permissions = 0755;
            links = 2
                    + (int) object.entries().values().stream()
                            .filter(KObject.class::isInstance)
                            .count();
        } else if (entry instanceof AttributeFile file) {
            permissions = file.mode();
            size = file.size();
        }
        return new FileStatus(
                fs.inode(directory, name),
                fs.device(),
                type(),
                permissions,
                links,
                0,
                0,
                size,
                0,
                0,
                directory.created());
    }

    @Override
    public Optional<Inode> lookup(String child) {
        return directory().lookup(child).map(found -> of(fs, directory, child, found));
    }

    @Override
    public List<DirectoryEntry> list() {
        return directory().entries().entrySet().stream()
                .map(e -> entryOf(e.getKey(), of(fs, directory, e.getKey(), e.getValue())))
                .toList();
    }

    @Override
    public Runnable watch(DirectoryListener listener) {
        SysWatch watch = new SysWatch(directory(), listener);
        KObjects objects = fs.kernel().objects();
        objects.addListener(watch);
        watch.endIfGone(); // perhaps it has gone before that
        return () -> objects.removeListener(watch);
    }

    private DirectoryEntry entryOf(String child, SysInode inode) {
        return new DirectoryEntry(child, inode.type(), fs.inode(inode.directory, inode.name));
    }

    private KObject directory() {
        if (entry instanceof KObject object) {
            return object;
        }
        throw new KernelException(Errno.ENOTDIR);
    }

    @Override
    public String readlink() {
        if (entry instanceof KObjectLink link) {
            return link.text();
        }
        throw new KernelException(Errno.EINVAL);
    }

    /** Unlike elsewhere root, too, needs the permission bit (Linux {@code kernfs_fop_open}). */
    @Override
    public OpenFile open(Set<OpenFlag> flags) {
        if (!(entry instanceof AttributeFile file)) {
            throw new KernelException(Errno.EISDIR);
        }
        boolean write = flags.contains(OpenFlag.WRITE);
        boolean read = flags.contains(OpenFlag.READ) || !write;
        if (read && (file.mode() & READ_BITS) == 0 || write && (file.mode() & WRITE_BITS) == 0) {
            throw new KernelException(Errno.EACCES, file.directory() + "/" + file.name());
        }
        return new AttributeOpenFile(fs.kernel(), this, flags, file);
    }
}
