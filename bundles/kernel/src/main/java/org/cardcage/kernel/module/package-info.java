/** Kernel modules: what a bundle says of itself at build time, and what the kernel knows of it while it is loaded. */
@Export
@Version("1.0.0")
package org.cardcage.kernel.module;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
