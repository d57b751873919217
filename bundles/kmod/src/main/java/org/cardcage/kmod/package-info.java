/** Bundles seen as kernel modules: what {@code insmod}, {@code rmmod}, {@code modprobe} and {@code lsmod} do. */
@Export
@Version("1.0.0")
package org.cardcage.kmod;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
