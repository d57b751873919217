/**
 * The lower line of the house: what a CPU and the firmware's tables can tell about a PCI machine, and nothing else. A
 * machine may be Java objects, another process or metal; whoever uses these types cannot tell.
 *
 * <p>There are two pieces of behaviour here. One is time, {@link org.cardcage.machine.Scheduler} in its live and its stepped
 * form, because a machine and the kernel on it must share one notion of time and of waiting. The other is {@link
 * org.cardcage.machine.PageAllocator}, for machines of any kind that give out RAM.
 */
@Export
@Version("1.0.0")
package org.cardcage.machine;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
