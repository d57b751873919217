package org.cardcage.shell.internal.lspci;

import java.util.List;
import org.cardcage.shell.internal.lspci.function.Bars;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.Resources.Region;

/** Base address registers and expansion ROM (PCI Local Bus 3.0 section 6.2.5). */
final class RegionText {

    private static final int FIRST_BAR = 0x10;
    private static final String UNASSIGNED = "<unassigned>";
    private static final long IO = 1;
    private static final long IO_MASK = ~3L;
    private static final long MEMORY_MASK = ~0xfL;
    private static final long PREFETCHABLE = 8;
    private static final String[] TYPES = {"32-bit", "low-1M", "64-bit", "type 3"};
    private static final long ROM_MASK = ~0x7ffL;
    private static final long ROM_ENABLED = 1;
    private static final long ALL_ONES = 0xffffffffL;

    private final PciFunction f;
    private final ConfigBytes c;
    private final int verbose;
    private final StringBuilder out;
    private final List<String> warnings;
    private final boolean ports;
    private final boolean memory;

    RegionText(PciFunction f, int verbose, StringBuilder out, List<String> warnings) {
        this.f = f;
        this.c = f.config();
        this.verbose = verbose;
        this.out = out;
        this.warnings = warnings;
        this.ports = (c.u16(0x04) & 1) != 0;
        this.memory = (c.u16(0x04) & 2) != 0;
    }

    /** @param count how many base address registers the header has */
    void bars(int count) {
        if (f.resources().isPresent()) {
            known(count);
        } else {
            raw(count);
        }
    }

    /** Without a kernel each register stands for itself, the upper half of a wide one, too. */
    private void raw(int count) {
        List<Region> regions = f.bars();
        warnOfBroken();
        for (int i = 0; i < count; i++) {
            long register = Bars.register(c, i);
            if (register != 0 || regions.get(i).start() != 0) {
                out.append(verbose > 1 ? "\tRegion " + i + ": " : "\t");
                bar(register, regions.get(i), false, false);
                out.append('\n');
            }
        }
    }

    /**
     * Of a function whose header cannot be read as a whole: what registers of it are there, without their kinds.
     *
     * @param bus whether only what the bus sees is wanted, which is nothing
     */
    void withoutHeader(boolean bus) {
        warnOfBroken();
        if (bus) {
            return;
        }
        List<Region> regions = f.bars();
        for (int i = 0; i < regions.size(); i++) {
            long start = regions.get(i).start();
            if (start != 0) {
                out.append(verbose > 1 ? "\tRegion " + i + ": " : "\t").append("Memory at ");
                out.append((start & MEMORY_MASK) == 0 ? UNASSIGNED : String.format("%08x", start & MEMORY_MASK));
                out.append(" (32-bit, non-prefetchable)\n");
            }
        }
        long rom = c.u32(c.headerType() == 0 ? 0x30 : 0x38);
        if (c.headerType() < 2 && rom != 0 && rom != ALL_ONES) {
            out.append("\tExpansion ROM at ");
            out.append((rom & ROM_MASK) == 0 ? UNASSIGNED : String.format("%08x", rom & ROM_MASK));
            out.append(" [disabled]\n");
        }
    }

    private void warnOfBroken() {
        if (Bars.isBroken(c)) {
            int last = Bars.count(c.headerType()) - 1;
            warnings.add(String.format("pcilib: %s: Invalid 64-bit address seen for BAR %d.", f.slot(), last));
        }
    }

    private void known(int count) {
        for (int i = 0; i < count; i++) {
            long register = Bars.register(c, i);
            boolean wide = Bars.isWide(register);
            boolean broken = wide && i == count - 1;
            long upper = wide && !broken ? c.u32(FIRST_BAR + 4 * i + 4) : 0;
            Region region = f.resources().orElseThrow().bar(i);
            if (region.start() != 0 || register != 0 || region.size() != 0) {
                long lower = register & ((register & IO) != 0 ? IO_MASK : MEMORY_MASK);
                boolean assigned = lower != 0 || upper != 0;
                out.append(verbose > 1 ? "\tRegion " + i + ": " : "\t");
                bar(region.start() != 0 && !assigned ? region.start() : register, region, broken, assigned);
                out.append(size(region.size())).append('\n');
                i += wide && !broken ? 1 : 0;
            }
        }
    }

    private void bar(long flags, Region region, boolean broken, boolean assigned) {
        String none = assigned ? "<ignored>" : UNASSIGNED;
        if ((flags & IO) != 0) {
            long start = region.start() & IO_MASK;
            out.append("I/O ports at ").append(start != 0 || ports ? String.format("%04x", start) : none);
            out.append(ports ? "" : " [disabled]");
            return;
        }
        long start = region.start() & MEMORY_MASK;
        out.append("Memory at ")
                .append(broken ? "<broken-64-bit-slot>" : start != 0 ? String.format("%08x", start) : none)
                .append(" (")
                .append(TYPES[(int) flags >> 1 & 3])
                .append((flags & PREFETCHABLE) != 0 ? ", prefetchable)" : ", non-prefetchable)")
                .append(memory ? "" : " [disabled]");
    }

    /** @param offset of its register */
    void rom(int offset) {
        long register = c.u32(offset);
        Region rom =
                f.resources().map(r -> r.rom()).orElseGet(() -> new Region(register == ALL_ONES ? 0 : register, 0));
        if (rom.start() == 0 && register == 0 && rom.size() == 0) {
            return;
        }
        boolean virtual = (rom.start() & ROM_MASK) != 0 && (register & ROM_MASK) == 0;
        long flags = virtual ? rom.start() : register;
        out.append("\tExpansion ROM at ");
        if ((rom.start() & ROM_MASK) != 0) {
            out.append(String.format("%08x", rom.start() & ROM_MASK));
        } else {
            out.append((flags & ROM_MASK & ALL_ONES) != 0 ? "<ignored>" : UNASSIGNED);
        }
        out.append(virtual ? " [virtual]" : "");
        if ((flags & ROM_ENABLED) == 0) {
            out.append(" [disabled]");
        } else if (!virtual && !memory) {
            out.append(" [disabled by cmd]");
        }
        out.append(size(rom.size())).append('\n');
    }

    /** {@code [size=1M]}; nothing if it is not known. */
    static String size(long bytes) {
        if (bytes == 0) {
            return "";
        }
        String units = " KMGT";
        int unit = 0;
        long n = bytes;
        while (n % 1024 == 0 && unit < units.length() - 1) {
            n /= 1024;
            unit++;
        }
        return " [size=" + (n & ALL_ONES) + (unit == 0 ? "" : units.charAt(unit)) + "]";
    }
}
