/** Interrupts from the machine's vectors to the handlers of drivers (Linux {@code kernel/irq}). */
@Export
@Version("1.0.0")
package org.cardcage.kernel.irq;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
