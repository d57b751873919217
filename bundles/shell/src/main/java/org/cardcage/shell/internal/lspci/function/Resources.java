package org.cardcage.shell.internal.lspci.function;

import java.util.List;
import java.util.Optional;

/**
 * What a kernel has made of the registers of a function.
 *
 * @param irq interrupt number, 0 if there is none
 * @param bars what its base address registers decode, by index
 * @param rom its expansion ROM
 * @param windows what a bridge forwards: I/O, memory, prefetchable memory; empty if it is left to the registers
 */
public record Resources(int irq, List<Region> bars, Region rom, List<Window> windows) {

    /**
     * A region of addresses.
     *
     * @param start first address, in its lowest four bits the flags of a base address register; 0 if there is none
     * @param size in bytes; 0 if it is not known
     */
    public record Region(long start, long size) {

        /** No region. */
        public static final Region NONE = new Region(0, 0);
    }

    /**
     * A window of a bridge.
     *
     * @param base first address
     * @param size in bytes; 0 if it is closed
     * @param bits width of the addresses that are shown
     */
    public record Window(long base, long size, int bits) {}

    /** The region of a base address register. */
    public Region bar(int index) {
        return index < bars.size() ? bars.get(index) : Region.NONE;
    }

    /** A window of a bridge. */
    public Optional<Window> window(int index) {
        return index < windows.size() ? Optional.of(windows.get(index)) : Optional.empty();
    }
}
