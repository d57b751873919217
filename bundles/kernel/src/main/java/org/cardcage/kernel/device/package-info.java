/**
 * The driver core: devices, the drivers bound to them, what drivers take and leave behind, and the nodes through which
 * the world above reaches them (Linux {@code drivers/base} and {@code fs/char_dev.c}).
 */
@Export
@Version("1.0.0")
package org.cardcage.kernel.device;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
