package org.cardcage.vfs;

/** How a file is opened (Linux {@code open(2)}). */
public enum OpenFlag {
    /** Reading is allowed. */
    READ,
    /** Writing is allowed. */
    WRITE,
    /** O_CREAT: made if it is missing; a device node is only opened. */
    CREATE,
    /** O_EXCL with O_CREAT: EEXIST if the name is taken, also by a link. */
    EXCLUSIVE,
    /** O_TRUNC: an ordinary file becomes empty; nothing happens to a device. */
    TRUNCATE,
    /** O_APPEND: each write goes to the end. */
    APPEND,
    /** O_NONBLOCK: EAGAIN instead of sleeping. */
    NONBLOCK,
    /** O_DIRECTORY: ENOTDIR if it is none. */
    DIRECTORY,
    /** O_NOFOLLOW: ELOOP if the last name is a symbolic link. */
    NOFOLLOW
}
