/** The tree of {@code /sys}: a view of the kernel's objects. */
package org.cardcage.vfs.internal.sysfs;
