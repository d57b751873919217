/**
 * What the rest of the kernel stands on: errors, waiting, and the {@link org.cardcage.kernel.Kernel} that holds the parts
 * together.
 */
@Export
@Version("1.0.0")
package org.cardcage.kernel;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
