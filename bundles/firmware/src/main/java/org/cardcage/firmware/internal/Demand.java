package org.cardcage.firmware.internal;

import java.util.Comparator;

/**
 * What wants addresses: a BAR, or the window of a bridge for all that is below it. It knows what its registers say, and
 * what is planned for it. Not for use by several threads.
 */
abstract sealed class Demand permits BarRegister, Window {

    private static final int BUSES = 256;

    /**
     * What is hard to place comes first; of what is equally hard BARs in the order of finding, then windows, that of the last bus
     * first, as a PC's firmware has it.
     */
    static final Comparator<Demand> HARDEST_FIRST = Comparator.comparingLong((Demand d) -> d.align)
            .thenComparingLong(d -> d.size)
            .reversed()
            .thenComparingInt(Demand::turn);

    /** Whose registers these are; null for the windows of the host bridge. */
    final FunctionNode owner;

    /** Bytes wanted; 0 for nothing. */
    long size;
    /** A power of two. */
    long align;
    /** The planned address; 0 for none. */
    long start;
    /** Whether the plan must not change. */
    boolean pinned;
    /** Whether it gets nothing this time. */
    boolean out;
    /** Distance from the start of the window around it, where that is laid out as a block. */
    long offset;

    private static int turn(Demand d) {
        return d instanceof Window window && window.owner.below != null ? BUSES - window.owner.below.number : 0;
    }

    Demand(FunctionNode owner) {
        this.owner = owner;
    }

    /** Whether it wants ports, not memory. */
    abstract boolean io();

    /** The last address that its registers can express. */
    abstract long limit();

    /** Plans an address for it and for all that is laid out inside. */
    void moveTo(long address) {
        start = address;
    }

    /** Whether it, or something inside, must stay where it is. */
    boolean anchored() {
        return pinned && !out;
    }

    /** Takes what the registers say as the plan. */
    abstract void read();

    /** Makes what the registers say, as far as is known, the plan again. */
    abstract void restore();

    /** The address in the registers, as far as is known; 0 for none. */
    abstract long current();

    /** Whether the plan differs from what the registers say. */
    abstract boolean changed();

    /** Writes the plan into the registers. */
    abstract void apply();

    /** Whether a place has to be found. */
    final boolean wants() {
        return size > 0 && !out;
    }

    final long last() {
        return start + size - 1;
    }
}
