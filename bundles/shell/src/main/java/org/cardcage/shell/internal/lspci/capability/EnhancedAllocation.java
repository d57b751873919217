package org.cardcage.shell.internal.lspci.capability;

import java.util.Map;

/** Enhanced Allocation (PCI Express 5.0 section 7.8.5). */
final class EnhancedAllocation {

    private static final Register ENTRY = Register.of(": Enable{31} Writable{30} EntrySize={0-2}\n"
            + "\t\t\t BAR Equivalent Indicator: {4-7=BAR 0|BAR 1|BAR 2|BAR 3|BAR 4|BAR 5|resource behind function"
            + "|not indicated|expansion ROM|VF-BAR 0|VF-BAR 1|VF-BAR 2|VF-BAR 3|VF-BAR 4|VF-BAR 5|reserved}\n");
    private static final Map<Integer, String> PROPERTIES = Map.ofEntries(
            Map.entry(0x00, "memory space, non-prefetchable"),
            Map.entry(0x01, "memory space, prefetchable"),
            Map.entry(0x02, "I/O space"),
            Map.entry(0x03, "VF memory space, prefetchable"),
            Map.entry(0x04, "VF memory space, non-prefetchable"),
            Map.entry(0x05, "allocation behind bridge, non-prefetchable memory"),
            Map.entry(0x06, "allocation behind bridge, prefetchable memory"),
            Map.entry(0x07, "allocation behind bridge, I/O space"),
            Map.entry(0xfd, "memory space resource unavailable for use"),
            Map.entry(0xfe, "I/O space resource unavailable for use"));
    private static final int UNAVAILABLE = 0xff;
    private static final int HAS_HIGH = 2;

    private EnhancedAllocation() {}

    static void print(Capability c) {
        int entries = c.u16(2) & 0x3f;
        c.print("Enhanced Allocation (EA): NumEntries=%d", entries);
        boolean bridge = c.config().headerType() == 1;
        if (bridge) {
            if (!c.has(4, 2)) {
                c.print("\n");
                return;
            }
            c.print(", secondary=%d, subordinate=%d", c.u8(4), c.u8(5));
        }
        c.print("\n");
        int at = bridge ? 8 : 4;
        for (int i = 0; c.isDetailed() && i < entries; i++) {
            at = entry(c, i, at);
            if (at < 0) {
                return;
            }
        }
    }

    /** Where the next entry begins; -1 if this one cannot be read. */
    private static int entry(Capability c, int number, int at) {
        if (!c.has(at, 4)) {
            return -1;
        }
        int size = (int) c.u32(at) & 7;
        if (!c.has(at + 4, 4 * size)) {
            return -1;
        }
        c.print("\t\tEntry %d", number);
        c.print32(ENTRY, at);
        c.print("\t\t\t PrimaryProperties: %s\n", property(c.u8(at + 1), "entry unavailable for use"));
        c.print(
                "\t\t\t SecondaryProperties: %s\n",
                property(c.u8(at + 2), "entry unavailable for use, PrimaryProperties should be used"));
        long base = c.u32(at + 4);
        long max = c.u32(at + 8);
        int high = at + 12;
        c.print("\t\t\t Base: ");
        if ((base & HAS_HIGH) != 0) {
            c.print("%x", c.u32(high));
            high += 4;
        }
        c.print("%08x\n\t\t\t MaxOffset: ", base & ~3L);
        if ((max & HAS_HIGH) != 0) {
            c.print("%x", c.u32(high));
        }
        c.print("%08x\n", max | 3);
        return at + 4 + 4 * size;
    }

    private static String property(int value, String unavailable) {
        return value == UNAVAILABLE ? unavailable : PROPERTIES.getOrDefault(value, String.format("[%02x]", value));
    }
}
