package org.cardcage.vfs.internal;

import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/**
 * Where the walk of a path ended.
 *
 * @param directory the directory that the last name is or would be in; the root for the root
 * @param name the last name, links of the way resolved
 * @param place the file, or null if the last name does not exist
 * @param last the last part of the path as it was given: a name, {@code .}, {@code ..}, or empty for the root
 * @param slash whether the path asks for a directory
 * @param path as it was given
 */
record Found(Place directory, String name, Place place, String last, boolean slash, String path) {

    boolean isMissing() {
        return place == null;
    }

    /** The file, which must exist. */
    Place existing() {
        if (place == null) {
            throw failure(Errno.ENOENT);
        }
        return place;
    }

    Inode inode() {
        return existing().inode();
    }

    /** The path that the last name has or would have. */
    String canonicalPath() {
        return place == null ? directory.pathOf(name) : place.path();
    }

    KernelException failure(Errno errno) {
        return new KernelException(errno, path + ": " + errno.text());
    }
}
