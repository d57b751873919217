/**
 * The parts of a machine that is a QEMU process. {@link org.cardcage.qemu.internal.QemuProcess} is the child,
 * {@link org.cardcage.qemu.internal.Qtest} the connection to it.
 */
package org.cardcage.qemu.internal;
