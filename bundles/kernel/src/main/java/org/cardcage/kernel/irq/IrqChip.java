package org.cardcage.kernel.irq;

/**
 * How an interrupt arrives, as in {@code /proc/interrupts}.
 *
 * @param name of the controller, as in {@code PCI-MSI}
 * @param hardwareNumber the controller's own number for it
 * @param flow {@code edge} or {@code fasteoi}
 */
public record IrqChip(String name, long hardwareNumber, String flow) {

    /** Whether it is an event and not a level. */
    boolean isEdge() {
        return flow.equals("edge");
    }
}
