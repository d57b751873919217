package org.cardcage.vfs.internal.tmpfs;

import java.time.Instant;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.internal.Inode;

/** What all files in memory have. Threads: any; the changeable fields are volatile. */
abstract class TmpInode extends Inode {

    private final TmpFs fs;
    private final FileType type;
    private final long number;
    private final Credentials owner;
    private volatile int permissions;
    private volatile Instant modified = Instant.now();

    TmpInode(TmpFs fs, FileType type, int permissions, Credentials owner) {
        super(fs);
        this.fs = fs;
        this.type = type;
        this.number = fs.nextInode();
        this.permissions = permissions;
        this.owner = owner;
    }

    final TmpFs fs() {
        return fs;
    }

    final long number() {
        return number;
    }

    @Override
    public final FileType type() {
        return type;
    }

    long size() {
        return 0;
    }

    int links() {
        return 1;
    }

    int major() {
        return 0;
    }

    int minor() {
        return 0;
    }

    @Override
    public final FileStatus status() {
        return new FileStatus(
                number,
                fs.device(),
                type,
                permissions,
                links(),
                owner.uid(),
                owner.gid(),
                size(),
                major(),
                minor(),
                modified);
    }

    final void touch() {
        modified = Instant.now();
    }

    @Override
    public final void chmod(int mode) {
        permissions = mode;
    }

    @Override
    public final void utimes(Instant time) {
        modified = time;
    }
}
