package org.cardcage.shell.internal.lspci.function;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/** The capabilities of a function in the order of their list, up to where it ends, breaks or returns to itself. */
public final class CapabilityList {

    private static final int STATUS = 0x06;
    private static final int STATUS_CAPABILITIES = 0x10;
    private static final int BROKEN = 0xff;
    private static final int EXTENDED = 0x100;

    /**
     * A capability.
     *
     * @param id 8 bits, 16 bits if extended
     * @param offset of its first byte
     */
    public record Entry(int id, int offset) {}

    private CapabilityList() {}

    /** Offset of the pointer to the first capability in a header of this type. */
    public static int pointer(int headerType) {
        return headerType == 2 ? 0x14 : 0x34;
    }

    /** Whether the status register says that there is a list. */
    public static boolean isThere(ConfigBytes c) {
        return (c.u16(STATUS) & STATUS_CAPABILITIES) != 0;
    }

    /** Capabilities in the first 256 bytes. */
    public static List<Entry> plain(ConfigBytes c) {
        List<Entry> all = new ArrayList<>();
        BitSet seen = new BitSet();
        int at = isThere(c) ? c.u8(pointer(c.headerType())) & ~3 : 0;
        while (at != 0 && !seen.get(at) && c.u8(at) != BROKEN) {
            seen.set(at);
            all.add(new Entry(c.u8(at), at));
            at = c.u8(at + 1) & ~3;
        }
        return all;
    }

    /** Extended capabilities. */
    public static List<Entry> extended(ConfigBytes c) {
        List<Entry> all = new ArrayList<>();
        BitSet seen = new BitSet();
        int at = EXTENDED;
        while (at != 0 && !seen.get(at) && c.has(at, 4) && c.u32(at) != 0 && c.u32(at) != 0xffffffffL) {
            seen.set(at);
            all.add(new Entry(c.u16(at), at));
            at = c.u16(at + 2) >> 4 & ~3;
        }
        return all;
    }

    /** Offset of the first capability in the first 256 bytes with this id. */
    public static OptionalInt find(ConfigBytes c, int id) {
        return plain(c).stream()
                .filter(e -> e.id() == id)
                .mapToInt(Entry::offset)
                .findFirst();
    }
}
