package org.cardcage.machine;

/**
 * A range of physical memory or I/O port addresses.
 *
 * @param start first address, an unsigned 64-bit number
 * @param length in bytes, at least 1
 */
public record AddressRange(long start, long length) {

    /** @throws IllegalArgumentException if the length is not positive or the range wraps */
    public AddressRange {
        if (length <= 0 || Long.compareUnsigned(start + (length - 1), start) < 0) {
            throw new IllegalArgumentException(String.format("range at 0x%x with length 0x%x", start, length));
        }
    }

    /** The last address that belongs to the range. */
    public long last() {
        return start + length - 1;
    }

    /** Whether all of {@code count} bytes from {@code address} lie inside; {@code count} is at least 1. */
    public boolean contains(long address, long count) {
        long offset = address - start;
        return Long.compareUnsigned(offset, length) < 0 && count <= length - offset;
    }

    /** Whether the two have an address in common. */
    public boolean overlaps(AddressRange other) {
        return Long.compareUnsigned(start, other.last()) <= 0 && Long.compareUnsigned(other.start, last()) <= 0;
    }

    @Override
    public String toString() {
        return String.format("0x%08x-0x%08x", start, last());
    }
}
