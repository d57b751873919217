package org.cardcage.device;

import java.util.Set;

/**
 * A base address register as the card's maker wired it (PCI 3.0 section 6.2.5.1).
 *
 * @param index 0 to 5; a 64-bit one also takes the register behind it
 * @param kind address space and width
 * @param prefetchable whether reads have no side effects and writes may be merged
 * @param size in bytes, a power of two, at least 16 (memory) or 4 (I/O), at most 2 GiB in one register
 * @param accessSizes the sizes that the function itself accepts, naturally aligned; how others are cut up is up to the bus
 */
public record Bar(int index, Kind kind, boolean prefetchable, long size, Set<Integer> accessSizes) {

    /** With more, a register of 32 bits has no bit left that can be written. */
    private static final long LARGEST_OF_32_BITS = 1L << 31;

    /** Address space and width. */
    public enum Kind {
        MEMORY_32,
        MEMORY_64,
        IO
    }

    /** @throws IllegalArgumentException if a part is out of its range */
    public Bar {
        accessSizes = Set.copyOf(accessSizes);
        int last = kind == Kind.MEMORY_64 ? 4 : 5;
        long smallest = kind == Kind.IO ? 4 : 16;
        if (index < 0 || index > last) {
            throw new IllegalArgumentException("BAR " + index + " of kind " + kind + ": index must be 0 to " + last);
        }
        if (Long.bitCount(size) != 1 || size < smallest) {
            throw new IllegalArgumentException(
                    String.format("BAR %d: size 0x%x must be a power of two and at least %d", index, size, smallest));
        }
        if (kind != Kind.MEMORY_64 && size > LARGEST_OF_32_BITS) {
            throw new IllegalArgumentException(
                    String.format("BAR %d: size 0x%x needs 64 bits; %s has 2 GiB at most", index, size, kind));
        }
        if (accessSizes.isEmpty() || !Set.of(1, 2, 4, 8).containsAll(accessSizes)) {
            throw new IllegalArgumentException(
                    "BAR " + index + ": access sizes " + accessSizes + " must be some of 1, 2, 4 and 8");
        }
    }

    /** A 32-bit, not prefetchable memory BAR. */
    public static Bar memory32(int index, long size, Integer... accessSizes) {
        return new Bar(index, Kind.MEMORY_32, false, size, Set.of(accessSizes));
    }
}
