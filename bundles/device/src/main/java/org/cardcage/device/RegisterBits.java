package org.cardcage.device;

/**
 * Bytes of configuration space that differ from what the rest of a description says: for registers that nothing here
 * describes, and for functions that are wrong on purpose. What the bytes mean to the bus is not changed by it.
 *
 * @param offset in configuration space, 0 to 4095
 * @param size 1 to 4 bytes
 * @param value what is read, of which the low {@code size} bytes count
 * @param writable which bits software can change
 * @param clearable which bits software clears by writing 1 to them
 */
public record RegisterBits(int offset, int size, int value, int writable, int clearable) {

    /** @throws IllegalArgumentException if a part is out of its range */
    public RegisterBits {
        if (size < 1 || size > 4 || offset < 0 || offset > 4096 - size) {
            throw new IllegalArgumentException("bytes of configuration space at offset " + offset + ", " + size
                    + " of them: must be 1 to 4 within 0 to 4095");
        }
    }

    /** Bytes without bits that are cleared by writing 1. */
    public RegisterBits(int offset, int size, int value, int writable) {
        this(offset, size, value, writable, 0);
    }

    /** Bytes that software can only read. */
    public static RegisterBits fixed(int offset, int size, int value) {
        return new RegisterBits(offset, size, value, 0);
    }
}
