package org.cardcage.vfs.internal.tmpfs;

import java.nio.charset.StandardCharsets;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.FileType;

/** A symbolic link in memory. */
final class TmpLink extends TmpInode {

    private final String target;

    TmpLink(TmpFs fs, String target, Credentials owner) {
        super(fs, FileType.SYMLINK, 0777, owner);
        this.target = target;
    }

    @Override
    public String readlink() {
        return target;
    }

    @Override
    long size() {
        return target.getBytes(StandardCharsets.UTF_8).length;
    }
}
