/** The tree as a {@code java.nio.file} file system of the scheme {@code cage}: a thin client of the system calls. */
package org.cardcage.vfs.internal.nio;
