/** Files of the host the JVM runs on, through {@code java.nio.file}: {@code /host}, and the layers of the overlay. */
package org.cardcage.vfs.internal.hostfs;
