package org.cardcage.vfs.internal;

import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.FileStatus;

/** Who may do what, by the permission bits (Linux {@code generic_permission}). */
final class Permissions {

    static final int READ = 4;
    static final int WRITE = 2;
    static final int EXECUTE = 1;

    private static final int ANY_EXECUTE = 0111;
    private static final int STICKY = 01000;

    private Permissions() {}

    /**
     * @param mask a sum of the constants
     * @param path for the message
     * @throws KernelException EACCES
     */
    static void require(Credentials who, Inode inode, int mask, String path) {
        boolean superuser = who.uid() == 0 && (inode.isDirectory() || (mask & EXECUTE) == 0);
        if (!superuser && !allows(who, inode.status(), mask)) {
            throw new KernelException(
                    Errno.EACCES,
                    String.format(
                            "%s: Permission denied to uid %d (mode %04o)",
                            path, who.uid(), inode.status().permissions()));
        }
    }

    private static boolean allows(Credentials who, FileStatus status, int mask) {
        int mode = status.permissions();
        if (who.uid() == 0) {
            return (mask & EXECUTE) == 0 || (mode & ANY_EXECUTE) != 0;
        }
        int bits = mode;
        if (who.uid() == status.uid()) {
            bits = mode >> 6;
        } else if (who.gid() == status.gid()) {
            bits = mode >> 3;
        }
        return (bits & mask) == mask;
    }

    /** Whether a name may be removed from a directory: EACCES, or EPERM in a sticky one. */
    static void requireDelete(Credentials who, Place directory, Inode victim, String path) {
        require(who, directory.inode(), WRITE | EXECUTE, directory.path());
        if (who.uid() == 0) {
            return;
        }
        FileStatus above = directory.inode().status();
        boolean sticky = (above.permissions() & STICKY) != 0;
        if (sticky && above.uid() != who.uid() && victim.status().uid() != who.uid()) {
            throw new KernelException(Errno.EPERM, path + " belongs to another user and its directory is sticky");
        }
    }

    /** Whether mode and times may be changed: EPERM unless the owner or the superuser asks. */
    static void requireOwner(Credentials who, Inode inode, String path) {
        if (who.uid() != 0 && inode.status().uid() != who.uid()) {
            throw new KernelException(Errno.EPERM, path + " belongs to another user");
        }
    }
}
