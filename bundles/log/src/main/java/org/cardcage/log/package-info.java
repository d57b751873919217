/** The kernel's log: one ring of lines that {@code dmesg} prints, and the SLF4J loggers that fill it. */
@Export
@Version("1.0.0")
package org.cardcage.log;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
