/** The tree of {@code /proc}: a view of the entries that the rooms have registered with the kernel. */
package org.cardcage.vfs.internal.procfs;
