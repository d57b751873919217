/** Files in memory: tmpfs, and devtmpfs, which follows the character devices of the kernel. */
package org.cardcage.vfs.internal.tmpfs;
