package org.cardcage.launcher;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A function in a dump of {@code lspci}. Not for use by several threads. */
final class DumpedFunction {
    static final int EXTENDED = 4096;
    private static final int HEADER = 64;
    private static final int CONVENTIONAL = 256;
    private static final int ROW = 16;
    private static final int POWER_MANAGEMENT = 0x01;
    private static final int EXPRESS = 0x10;
    private static final int ROOT_PORT = 4;
    private static final int DOWNSTREAM_PORT = 6;

    /** What decodes addresses. */
    enum Kind {
        MEMORY,
        PORTS,
        ROM
    }

    /** A BAR or expansion ROM as the text of {@code lspci -v} tells it. */
    record Region(Kind kind, long address, long size) {}

    /** Where it sits; the numbers are those of the dump. */
    final int domain;

    final int bus;
    final int device;
    final int function;
    /** The line of the file that begins it. */
    final int line;

    private final byte[] bytes = new byte[EXTENDED];
    private final BitSet known = new BitSet();

    /** In the order of the text, which gives the indexes of BARs with {@code -vv} only. */
    final List<Region> regions = new ArrayList<>();

    DumpedFunction(int line, int domain, int bus, int device, int function) {
        this.line = line;
        this.domain = domain;
        this.bus = bus;
        this.device = device;
        this.function = function;
    }

    /** Whether the byte was not known yet. */
    boolean put(int offset, int value) {
        boolean fresh = !known.get(offset);
        known.set(offset);
        bytes[offset] = (byte) value;
        return fresh;
    }

    /** Whether the dump has all of the header. */
    boolean hasHeader() {
        return known.nextClearBit(0) >= HEADER;
    }

    /** A register of 1 to 4 bytes, zero-extended unless there are four; what the dump lacks is 0. */
    int read(int offset, int width) {
        int value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << Byte.SIZE | bytes[offset + i] & 0xff;
        }
        return value;
    }

    int headerLayout() {
        return read(0x0e, 1) & 0x7f;
    }

    /** Sets the bit of the header type that says so; whether it was not set. */
    boolean makeMultiFunction() {
        boolean was = (bytes[0x0e] & 0x80) != 0;
        bytes[0x0e] |= (byte) 0x80;
        return !was;
    }

    /** If its power management capability says another state than D0: makes it say D0; whether it has. */
    boolean wake() {
        int control = capability(POWER_MANAGEMENT) + 4;
        if (control == 4 || control >= CONVENTIONAL || (bytes[control] & 3) == 0) {
            return false;
        }
        bytes[control] &= ~3;
        return true;
    }

    /** Whether it is a PCI Express port with a link below it, upon which there is a device 0 only. */
    boolean isPort() {
        int at = capability(EXPRESS);
        int kind = at == 0 || !isBridge() ? 0 : read(at + 2, 1) >>> 4;
        return kind == ROOT_PORT || kind == DOWNSTREAM_PORT;
    }

    /** The place of the first capability of a kind, or 0. */
    private int capability(int id) {
        int at = (read(0x06, 1) & 1 << 4) == 0 ? 0 : read(0x34, 1) & ~3;
        for (int left = CONVENTIONAL / 4; at >= HEADER && left > 0; left--) {
            if (read(at, 1) == id) {
                return at;
            }
            at = read(at + 1, 1) & ~3;
        }
        return 0;
    }

    boolean isBridge() {
        return headerLayout() == 1;
    }

    int secondaryBus() {
        return read(0x19, 1);
    }

    /** Whether the bus has a number that this bridge passes on. */
    boolean leadsBelow(int otherDomain, int otherBus) {
        return domain == otherDomain && secondaryBus() <= otherBus && otherBus <= read(0x1a, 1);
    }

    /** A function that answers with another vendor than all ones or zeros; a virtual function, or one without power, does not. */
    boolean answers() {
        int vendor = read(0, 2);
        return vendor != 0xffff && vendor != 0;
    }

    /** Its bytes as {@code lspci} prints them, without the rows that hold zeros only. */
    List<String> rows() {
        List<String> rows = new ArrayList<>();
        int end = known.length() > CONVENTIONAL ? EXTENDED : CONVENTIONAL;
        for (int at = 0; at < end; at += ROW) {
            StringBuilder row = new StringBuilder(at < ROW ? "0" : "")
                    .append(Integer.toHexString(at))
                    .append(':');
            int any = 0;
            for (int i = at; i < at + ROW; i++) {
                any |= bytes[i];
                row.append(' ')
                        .append(Character.forDigit(bytes[i] >> 4 & 0xf, 16))
                        .append(Character.forDigit(bytes[i] & 0xf, 16));
            }
            if (any != 0 || at == CONVENTIONAL) {
                rows.add(row.toString());
            }
        }
        return rows;
    }

    @Override
    public String toString() {
        return String.format("%04x:%02x:%02x.%x", domain, bus, device, function);
    }
}
