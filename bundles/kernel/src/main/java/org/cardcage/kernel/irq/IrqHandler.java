package org.cardcage.kernel.irq;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A driver's interrupt handler (Linux {@code irq_handler_t}). Runs on the interrupt thread of a virtual CPU, never on the
 * thread that caused the interrupt, and must not sleep: other interrupts of that CPU wait. The same handler never runs
 * twice at once. What happened before the device raised the interrupt is visible to it.
 */
@ConsumerType
@FunctionalInterface
public interface IrqHandler {

    /** Deals with the device. What it throws is an oops and counts as {@link IrqReturn#NONE}. */
    IrqReturn handle();
}
