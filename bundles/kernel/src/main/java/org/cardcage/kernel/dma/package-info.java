/** Memory that drivers share with their devices (Linux {@code include/linux/dma-mapping.h}). */
@Export
@Version("1.0.0")
package org.cardcage.kernel.dma;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
