package org.cardcage.vfs;

import java.time.Instant;

/**
 * What {@code stat(2)} tells.
 *
 * @param inode number of the file in its file system, the same as long as it exists
 * @param device number of the file system
 * @param type kind of file
 * @param permissions the low twelve bits of the mode
 * @param links number of names
 * @param uid owner
 * @param gid group
 * @param size in bytes; 0 for devices and /proc
 * @param major of a device node, else 0
 * @param minor of a device node, else 0
 * @param modified time of the last change of the content
 */
public record FileStatus(
        long inode,
        int device,
        FileType type,
        int permissions,
        int links,
        int uid,
        int gid,
        long size,
        int major,
        int minor,
        Instant modified) {

    /** {@code st_mode}: type and permissions. */
    public int mode() {
        return type.bits() | permissions;
    }

    public boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }
}
