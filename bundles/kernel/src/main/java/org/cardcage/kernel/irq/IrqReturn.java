package org.cardcage.kernel.irq;

/** What a handler answers (Linux {@code irqreturn_t}). */
public enum IrqReturn {
    /** The interrupt was not from this device. */
    NONE,
    /** It was, and has been dealt with. */
    HANDLED
}
