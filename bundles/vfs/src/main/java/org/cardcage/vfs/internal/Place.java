package org.cardcage.vfs.internal;

/**
 * A file and the way to it from the root (Linux {@code struct path}).
 *
 * @param parent the directory above; null for the root of the tree
 * @param name in the parent; empty for the root
 * @param path from the root, without links
 * @param inode the file; the root of a file system where one is mounted
 */
record Place(Place parent, String name, String path, Inode inode) {

    static Place root(Inode inode) {
        return new Place(null, "", "/", inode);
    }

    /** The path of a name in this directory. */
    String pathOf(String child) {
        return parent == null ? "/" + child : path + "/" + child;
    }

    Place child(String childName, String childPath, Inode childInode) {
        return new Place(this, childName, childPath, childInode);
    }

    /** Where {@code ..} leads; the root is above itself. */
    Place above() {
        return parent == null ? this : parent;
    }

    /** The place where the file system of this file is mounted. */
    Place mountRoot() {
        Place at = this;
        while (at.parent != null && at.parent.inode.superBlock() == inode.superBlock()) {
            at = at.parent;
        }
        return at;
    }
}
