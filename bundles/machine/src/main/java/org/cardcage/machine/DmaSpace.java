package org.cardcage.machine;

/**
 * The memory that one function can reach as bus master. What is allocated here stays until it is closed; whoever
 * allocates keeps the list.
 */
public interface DmaSpace {

    /**
     * Allocates memory that the CPU and the device see alike (Linux {@code dma_alloc_coherent}), contiguous for the
     * device, zeroed.
     *
     * @param size in bytes, at least 1
     * @param mask the device's address lines: each byte's device address has no bit outside the mask
     * @param alignment of the device address, a power of two; machines align to at least 4096
     * @throws OutOfMemoryException if no such range is free
     */
    DmaMemory allocate(long size, long mask, long alignment) throws OutOfMemoryException;

    /** Whether any memory at all can be reached with this mask. */
    boolean supports(long mask);

    /** No range of the wanted size, alignment and mask is free. */
    final class OutOfMemoryException extends Exception {
        private static final long serialVersionUID = 1;

        public OutOfMemoryException(String message) {
            super(message);
        }
    }
}
