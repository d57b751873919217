/** The objects behind {@code /sys}: directories, attributes and links (Linux kobject and kernfs). */
@Export
@Version("1.0.0")
package org.cardcage.kernel.kobject;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
