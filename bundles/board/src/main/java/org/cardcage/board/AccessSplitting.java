package org.cardcage.board;

/**
 * How the bus cuts up an access that a BAR does not take as it is: one that is not aligned, or wider than the BAR accepts. A
 * piece that is smaller than the BAR accepts stops in the bus: read as 0, dropped when written.
 */
@FunctionalInterface
public interface AccessSplitting {

    /**
     * The largest power of two that is at most what is left, at most the alignment of the address and at most what the BAR
     * takes, as QEMU does for qtest and KVM.
     */
    AccessSplitting ALIGNED = (address, left, largest) -> {
        int most = Math.min(largest, Integer.highestOneBit(left));
        long alignment = Long.lowestOneBit(address);
        return alignment > 0 && alignment < most ? (int) alignment : most;
    };

    /** The same, but never more than 4 bytes at once, as on a bus with 32 data lines. */
    AccessSplitting NARROW = (address, left, largest) -> ALIGNED.next(address, left, Math.min(largest, 4));

    /**
     * The size of the next piece.
     *
     * @param address of its first byte
     * @param left bytes of the access that are left, 1 to 8
     * @param largest the widest access that is possible there: 1, 2, 4 or 8 bytes
     * @return 1, 2, 4 or 8, at most {@code left} and {@code largest}; {@code address} is a multiple of it
     */
    int next(long address, int left, int largest);
}
