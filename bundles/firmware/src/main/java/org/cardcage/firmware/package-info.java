/** What a PC's firmware does to PCI functions, on any machine. */
@Export
@Version("1.0.0")
package org.cardcage.firmware;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
