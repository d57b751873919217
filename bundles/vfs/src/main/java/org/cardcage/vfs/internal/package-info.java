/**
 * The core of the file system layer: the walk of a path, open files, and what a file system has to offer ({@link
 * org.cardcage.vfs.internal.SuperBlock} and {@link org.cardcage.vfs.internal.Inode}).
 */
package org.cardcage.vfs.internal;
