/** A machine that is a QEMU process. */
@Export
@Version("1.0.0")
package org.cardcage.qemu;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
