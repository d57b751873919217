package org.cardcage.vfs.internal.tmpfs;

import java.util.Set;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.internal.DeviceFile;

/** A node of a character device: nothing but its numbers. */
final class TmpNode extends TmpInode {

    private final int major;
    private final int minor;

    TmpNode(TmpFs fs, int permissions, int major, int minor) {
        super(fs, FileType.CHAR_DEVICE, permissions, Credentials.ROOT);
        this.major = major;
        this.minor = minor;
    }

    @Override
    int major() {
        return major;
    }

    @Override
    int minor() {
        return minor;
    }

    @Override
    public OpenFile open(Set<OpenFlag> flags) {
        return DeviceFile.open(fs().kernel(), this, major, minor, flags);
    }
}
