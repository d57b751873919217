package org.cardcage.machine;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears what happens to the functions of a machine. Called on a thread of the machine that holds no lock; a listener must
 * only note the event and return.
 */
@ConsumerType
public interface MachineListener {

    /** A function has appeared; it answers configuration cycles and firmware has given it what it could. */
    void plugged(FunctionAddress function);

    /** Somebody asks politely for the function to be taken out of use, after which it may be pulled. */
    default void ejectWanted(FunctionAddress function) {}

    /**
     * Firmware has given the windows of a bridge other addresses, to make room for a card. Who keeps a list of them reads
     * them again. What moved behind the bridge is told as {@link #gone} and {@link #plugged}.
     */
    default void windowsMoved(FunctionAddress bridge) {}

    /**
     * A function that is asleep asks to be woken (PCI Power Management 1.2, the power management event; on a PC ACPI tells
     * it). Its PME status bit is set and stays so until software clears it.
     */
    default void wakeRequested(FunctionAddress function) {}

    /**
     * The machine has seen an error of a function (PCI Express advanced error reporting; on a PC the root port or ACPI tells
     * it). What it was stands in the function's registers.
     */
    default void errorReported(FunctionAddress function, ErrorSeverity severity) {}

    /** The function is gone; reads give all ones from now on. */
    void gone(FunctionAddress function);
}
