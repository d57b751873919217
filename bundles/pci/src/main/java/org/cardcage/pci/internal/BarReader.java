package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.pci.PciResource;

/**
 * Finds out what the base address registers of a function decode, by writing all ones while decoding is off (PCI 3.0
 * section 6.2.5.1; Linux {@code pci_read_bases}). The registers keep their values.
 */
final class BarReader {

    private static final int ALL_ONES = -1;

    private final PciConfig config;

    BarReader(PciConfig config) {
        this.config = config;
    }

    /** @param registers how many base address registers the header has: 6 or, of a bridge, 2 */
    List<PciResource> read(int registers) {
        int command = config.read(COMMAND, 2);
        config.write(COMMAND, 2, command & ~(COMMAND_IO | COMMAND_MEMORY));
        try {
            List<PciResource> bars = new ArrayList<>();
            int bar = 0;
            while (bar < registers) {
                boolean wide = isWide(bar) && bar + 1 < registers;
                addIfUsed(bars, bar, wide);
                bar += wide ? 2 : 1;
            }
            return bars;
        } finally {
            config.write(COMMAND, 2, command);
        }
    }

    private boolean isWide(int bar) {
        return (config.read(offset(bar), 4) & (BAR_IO | BAR_64)) == BAR_64;
    }

    private static int offset(int bar) {
        return BASE_ADDRESS_0 + 4 * bar;
    }

    private void addIfUsed(List<PciResource> bars, int bar, boolean wide) {
        int value = config.read(offset(bar), 4);
        long low = sizing(offset(bar)) & 0xffff_ffffL;
        if (low == 0 || low == 0xffff_ffffL) {
            return;
        }
        boolean io = (low & BAR_IO) != 0;
        int flags = io ? BAR_IO_FLAGS : BAR_MEMORY_FLAGS;
        long mask = low & ~(long) flags;
        long start = value & 0xffff_ffffL & ~(long) flags;
        if (wide) {
            mask |= (long) sizing(offset(bar + 1)) << 32;
            start |= (long) config.read(offset(bar + 1), 4) << 32;
        }
        long length = mask & -mask;
        if (length != 0) {
            bars.add(new PciResource(bar, start, length, io, wide, !io && (low & BAR_PREFETCH) != 0));
        }
    }

    /** What the register reads after all ones have been written; its value is put back. */
    private int sizing(int offset) {
        int value = config.read(offset, 4);
        config.write(offset, 4, ALL_ONES);
        int answer = config.read(offset, 4);
        config.write(offset, 4, value);
        return answer;
    }
}
