package org.cardcage.vfs;

/**
 * A name in a directory ({@code readdir(3)}); the names {@code .} and {@code ..} are not listed.
 *
 * @param name without slash
 * @param type kind of file, a symbolic link itself
 * @param inode number of the file
 */
public record DirectoryEntry(String name, FileType type, long inode) {}
