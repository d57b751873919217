package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.pci.PciResource;
import org.slf4j.Logger;

/**
 * Finds out what the base address registers and the ROM register of a function decode, by writing all ones while decoding
 * is off (PCI 3.0 section 6.2.5.1; Linux {@code __pci_read_base}). The registers keep their values.
 */
final class BarReader {

    private static final int ALL_ONES = -1;
    private static final long PORTS = 0xffff;

    private final PciConfig config;
    private final Logger log;

    /** @param log told of registers that make no sense */
    BarReader(PciConfig config, Logger log) {
        this.config = config;
        this.log = log;
    }

    /**
     * @param registers how many base address registers the header has: 6 or, of a bridge, 2
     * @param rom offset of the ROM register; 0 if the header has none
     */
    List<PciResource> read(int registers, int rom) {
        int command = config.read(COMMAND, 2);
        boolean decodes = (command & (COMMAND_IO | COMMAND_MEMORY)) != 0;
        if (decodes) {
            config.write(COMMAND, 2, command & ~(COMMAND_IO | COMMAND_MEMORY));
        }
        try {
            List<PciResource> found = new ArrayList<>();
            int bar = 0;
            while (bar < registers) {
                bar += base(found, bar, bar + 1 < registers) ? 2 : 1;
            }
            if (rom != 0) {
                rom(found, rom);
            }
            return found;
        } finally {
            if (decodes) {
                config.write(COMMAND, 2, command);
            }
        }
    }

    /** Returns whether the register took the next one as its upper half. */
    private boolean base(List<PciResource> found, int bar, boolean hasNext) {
        int offset = BASE_ADDRESS_0 + 4 * bar;
        int value = config.read(offset, 4);
        int ones = size(offset, value, ALL_ONES);
        if (value == ALL_ONES) {
            value = 0;
        }
        boolean io = (value & BAR_IO) != 0;
        boolean wide = !io && (value & BAR_64) != 0 && hasNext;
        int flags = io ? BAR_IO_FLAGS : BAR_MEMORY_FLAGS;
        long start = value & ~flags & 0xffff_ffffL;
        long size = ones & ~flags & 0xffff_ffffL;
        long mask = io ? PORTS & ~flags : 0xffff_ffffL & ~flags;
        if (wide) {
            int upper = config.read(offset + 4, 4);
            start |= (long) upper << 32;
            size |= (long) size(offset + 4, upper, ALL_ONES) << 32;
            mask |= 0xffff_ffffL << 32;
        }
        boolean prefetchable = !io && (value & BAR_PREFETCH) != 0;
        if (ones == ALL_ONES) {
            // no register has all bits writable, so nothing answers, or garbage
            invalid("BAR " + bar);
        } else if (size != 0) {
            add(found, new PciResource(bar, start, length(start, size, mask), io, wide, prefetchable));
        }
        return wide;
    }

    private void rom(List<PciResource> found, int offset) {
        int value = config.read(offset, 4);
        int ones = size(offset, value, ~ROM_FLAGS);
        long mask = 0xffff_ffffL & ~ROM_FLAGS;
        long start = value == ALL_ONES ? 0 : value & mask;
        long size = ones == ALL_ONES ? 0 : ones & mask;
        if (size != 0) {
            add(found, new PciResource(PciResource.ROM, start, length(start, size, mask), false, false, true));
        }
    }

    private void add(List<PciResource> found, PciResource resource) {
        if (resource.length() > 0) {
            found.add(resource);
        } else {
            invalid(resource.name());
        }
    }

    private void invalid(String name) {
        log.warn("[Firmware Bug]: {}: invalid; can't size", name);
    }

    /** What the register reads after ones have been written; its value is put back. */
    private int size(int offset, int value, int ones) {
        config.write(offset, 4, value | ones);
        int answer = config.read(offset, 4);
        config.write(offset, 4, value);
        return answer;
    }

    /** Bytes that the writable bits stand for, 0 if they are not those of a base address (Linux {@code pci_size}). */
    private static long length(long base, long ones, long mask) {
        long writable = ones & mask;
        long length = writable & -writable;
        // a register that did not change must at least look as if all bits above its size were set
        boolean fixed = base == ones && ((base | length - 1) & mask) != mask;
        return fixed ? 0 : length;
    }
}
