/** The PCI bus: the devices that configuration cycles find, and the drivers that take them (Linux {@code drivers/pci}). */
@Export
@Version("1.0.0")
package org.cardcage.pci;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
