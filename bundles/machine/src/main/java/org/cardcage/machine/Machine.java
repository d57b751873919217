package org.cardcage.machine;

import java.util.OptionalInt;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A PCI machine as software above the hardware sees it.
 *
 * <p>Threads: every method may be called from any thread at any time. No method calls back into its caller; events and
 * interrupts arrive as said at {@link MachineListener} and {@link InterruptSink}.
 */
@ConsumerType
public interface Machine {

    /** The firmware tables. */
    MachineDescription description();

    /**
     * One configuration read cycle.
     *
     * @param function an address of a domain and bus of this machine; any other answers as an absent function
     * @param offset 0 to 4095, a multiple of {@code size}
     * @param size 1, 2 or 4 bytes
     * @return the value, zero-extended; all ones of that size where no function answers
     */
    int readConfig(FunctionAddress function, int offset, int size);

    /** One configuration write cycle; vanishes where no function answers. Arguments as for {@link #readConfig}. */
    void writeConfig(FunctionAddress function, int offset, int size, int value);

    /**
     * A handle on physical memory space, for whatever claims these addresses now or later. Nothing is reserved by it.
     *
     * @param physical first physical address
     * @param length in bytes, at least 1
     */
    IoMemory map(long physical, long length);

    /** A handle on I/O port space; its offsets count from {@code port} (0 to 0xffff). */
    IoMemory mapPorts(int port, int length);

    /** Memory that this function can reach as bus master. */
    DmaSpace dma(FunctionAddress function);

    /**
     * Interrupt vectors of a function, connected but delivering nothing before {@link VectorSet#connect}.
     *
     * <p>A message-signalled set is ready with the function's capability programmed and enabled; closing the set disables
     * the capability and gives the vectors back.
     *
     * @param kind which mechanism
     * @param min fewest vectors the caller can live with, at least 1
     * @param max most vectors the caller can use
     * @return {@code min} to {@code max} vectors
     * @throws UnsupportedOperationException if the function or the machine lacks this kind, or cannot give {@code min}
     */
    VectorSet vectors(FunctionAddress function, VectorKind kind, int min, int max);

    /**
     * The number at the slot that the device of this function sits in, as firmware's tables tell it (ACPI: _SUN); empty if it is
     * in no slot, or they do not say.
     */
    default OptionalInt physicalSlot(FunctionAddress function) {
        return OptionalInt.empty();
    }

    /** Time and threads of this machine. */
    Scheduler scheduler();

    /** From now on {@code listener} hears of events; adding it twice changes nothing. */
    void addListener(MachineListener listener);

    /** Ends what {@link #addListener} began; a call that is under way may still finish. */
    void removeListener(MachineListener listener);
}
