/**
 * What the author of a device model needs: the description of a PCI function, its registers, and the ports through which
 * the model reaches the world. A model never sees slots or physical addresses, so the same model can sit on a board or be
 * served to a foreign machine.
 */
@Export
@Version("1.0.0")
package org.cardcage.device;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
