/** The emulated machine as a bundle. */
@Export
@Version("1.0.0")
package org.cardcage.board;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
