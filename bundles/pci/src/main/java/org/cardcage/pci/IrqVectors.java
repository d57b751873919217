package org.cardcage.pci;

import java.util.List;
import org.cardcage.kernel.irq.Interrupt;
import org.cardcage.machine.VectorKind;

/**
 * The interrupts that {@link PciDevice#allocateVectors} has given (Linux {@code pci_irq_vector}).
 *
 * @param kind how they arrive
 * @param interrupts one for each vector
 */
public record IrqVectors(VectorKind kind, List<Interrupt> interrupts) {

    /** Copies the list. */
    public IrqVectors {
        interrupts = List.copyOf(interrupts);
    }

    /** How many there are. */
    public int count() {
        return interrupts.size();
    }

    /** The interrupt number of a vector. */
    public int number(int vector) {
        return interrupts.get(vector).number();
    }
}
