/** Texts that the kernel's parts offer to whoever shows them as files below {@code /proc}. */
@Export
@Version("1.0.0")
package org.cardcage.kernel.proc;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
