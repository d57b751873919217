/**
 * The upper line of the house: system calls on one tree of files. Whoever is above it, the shell, {@code java.nio.file}
 * or a program, sees files and nothing else.
 */
@Export
@Version("1.0.0")
package org.cardcage.vfs;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
