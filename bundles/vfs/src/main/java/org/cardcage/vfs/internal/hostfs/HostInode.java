package org.cardcage.vfs.internal.hostfs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.internal.Inode;
import org.cardcage.vfs.internal.RegularFile;

/** A file of the host, found by its path. Threads: any; immutable but for {@code known}, which is volatile. */
final class HostInode extends Inode {

    private final HostFs fs;
    private final HostFile file;
    private final FileType type;
    private volatile FileStatus known;

    HostInode(HostFs fs, HostFile file, FileStatus status) {
        super(fs);
        this.fs = fs;
        this.file = file;
        this.type = status.type();
        this.known = status;
    }

    @Override
    public FileType type() {
        return type;
    }

    /** The present status; of a file whose name has gone the last that was known. */
    @Override
    public FileStatus status() {
        known = file.findStatus().orElse(known);
        return known;
    }

    @Override
    public Optional<Inode> lookup(String name) {
        HostFile child = file.child(name);
        return child.findStatus().map(status -> new HostInode(fs, child, status));
    }

    @Override
    public List<DirectoryEntry> list() {
        List<DirectoryEntry> entries = new ArrayList<>();
        for (String name : file.names()) {
            Optional<FileStatus> status = file.child(name).findStatus();
            status.ifPresent(s -> entries.add(new DirectoryEntry(name, s.type(), s.inode())));
        }
        return entries;
    }

    @Override
    public String readlink() {
        return file.readlink();
    }

    @Override
    public OpenFile open(Set<OpenFlag> flags) {
        return new RegularFile(fs.kernel(), this, flags, file.open(flags));
    }

    @Override
    public Inode create(String name, int mode, Credentials who) {
        HostFile child = file.child(name);
        child.createFile(mode);
        return new HostInode(fs, child, child.status());
    }

    @Override
    public void mkdir(String name, int mode, Credentials who) {
        file.child(name).createDirectory(mode);
    }

    @Override
    public void symlink(String name, String target, Credentials who) {
        file.child(name).createLink(target);
    }

    @Override
    public void unlink(String name) {
        HostFile child = file.child(name);
        if (child.isDirectory()) {
            throw new KernelException(Errno.EISDIR, name + ": Is a directory");
        }
        child.delete();
    }

    @Override
    public void rmdir(String name) {
        file.child(name).delete();
    }

    @Override
    public void rename(String name, Inode toDirectory, String toName) {
        file.child(name).moveTo(((HostInode) toDirectory).file.child(toName));
    }

    @Override
    public void chmod(int mode) {
        file.chmod(mode);
    }

    @Override
    public void utimes(Instant modified) {
        file.utimes(modified);
    }
}
