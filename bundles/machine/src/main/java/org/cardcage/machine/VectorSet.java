package org.cardcage.machine;

/**
 * Interrupt vectors given to one user.
 *
 * <p>Threads: any. After {@link #close} has returned no sink of this set is called any more, unless the call began before.
 */
public interface VectorSet extends AutoCloseable {

    VectorKind kind();

    /** Number of vectors; 1 for INTx. */
    int count();

    /**
     * The number of the interrupt controller's input that a vector arrives at: for INTx the line (on a PC with PIIX 10 or
     * 11), for messages a number of the machine's choice.
     */
    int hardwareNumber(int vector);

    /**
     * The CPU whose interrupt controller the vector arrives at, 0 to {@link MachineDescription#cpus} - 1; the machine spreads
     * its vectors over the CPUs.
     */
    default int cpu(int vector) {
        return 0;
    }

    /**
     * From now on {@code sink} is told of this vector; replaces an earlier sink. A vector that can be masked is masked before
     * and unmasked by it; what has happened meanwhile is told then.
     */
    void connect(int vector, InterruptSink sink);

    /**
     * Whether the line is asserted just now. Always false for messages, which have no level.
     */
    boolean asserted(int vector);

    /**
     * Holds the vector back at the function, or lets it go (Linux {@code pci_msi_mask_irq}): what happens while it is masked
     * is told once when it is unmasked.
     *
     * @return whether the function can do that; if not, nothing has happened
     * @throws IllegalStateException if the vectors are given back
     */
    default boolean setMasked(int vector, boolean masked) {
        return false;
    }

    /** Disables delivery at the function (message kinds) or at the controller (INTx), and gives the vectors back. */
    @Override
    void close();
}
