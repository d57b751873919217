package org.cardcage.vfs;

/**
 * On whose behalf a call is made.
 *
 * @param uid user number; 0 may do everything
 * @param gid group number
 */
public record Credentials(int uid, int gid) {

    /** The superuser, as whom everything runs unless told otherwise. */
    public static final Credentials ROOT = new Credentials(0, 0);
}
