/** What programs and the EDU driver share, as Linux's uapi headers do: command numbers and records. */
@Export
@Version("1.0.0")
package org.cardcage.edu.uapi;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
