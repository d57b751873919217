/** Who has which addresses: the trees behind {@code /proc/iomem} and {@code /proc/ioports} (Linux {@code kernel/resource.c}). */
@Export
@Version("1.0.0")
package org.cardcage.kernel.resource;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
