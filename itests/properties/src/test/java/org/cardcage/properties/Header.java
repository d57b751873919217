package org.cardcage.properties;

import java.util.Optional;
import org.cardcage.device.Bar;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;

/**
 * What software reads in the header of a function, decoded straight from the specification (PCI 3.0 section 6.1,
 * PCI-to-PCI Bridge 1.2 section 3.2) and not by the code under test.
 */
record Header(Machine machine, FunctionAddress address) {

    static final int COMMAND = 0x04;
    static final int COMMAND_IO = 1;
    static final int COMMAND_MEMORY = 2;

    private static final int BAR = 0x10;
    private static final int PRIMARY = 0x18;
    private static final int SECONDARY = 0x19;
    private static final int SUBORDINATE = 0x1a;
    private static final int IO_BASE = 0x1c;
    private static final int MEMORY_BASE = 0x20;
    private static final int PREFETCH_BASE = 0x24;
    private static final int PREFETCH_BASE_UPPER = 0x28;
    private static final int PREFETCH_LIMIT_UPPER = 0x2c;
    private static final int IO_BASE_UPPER = 0x30;

    private static final long MIB = 0x10_0000;

    int read(int offset, int size) {
        return machine.readConfig(address, offset, size);
    }

    void write(int offset, int size, int value) {
        machine.writeConfig(address, offset, size, value);
    }

    int command() {
        return read(COMMAND, 2);
    }

    int primary() {
        return read(PRIMARY, 1);
    }

    int secondary() {
        return read(SECONDARY, 1);
    }

    int subordinate() {
        return read(SUBORDINATE, 1);
    }

    /** First address or port of a BAR; 0 if it has none. */
    long base(Bar bar) {
        long low = Integer.toUnsignedLong(read(BAR + 4 * bar.index(), 4));
        return switch (bar.kind()) {
            case IO -> low & ~3L;
            case MEMORY_32 -> low & ~15L;
            case MEMORY_64 -> low & ~15L | (long) read(BAR + 4 * bar.index() + 4, 4) << 32;
        };
    }

    /** Gives a BAR another address. */
    void setBase(Bar bar, long base) {
        write(BAR + 4 * bar.index(), 4, (int) base);
        if (bar.kind() == Bar.Kind.MEMORY_64) {
            write(BAR + 4 * bar.index() + 4, 4, (int) (base >>> 32));
        }
    }

    /** What a bridge lets through of I/O ports. */
    Optional<AddressRange> ports() {
        int registers = read(IO_BASE, 2);
        int upper = (registers & 0xf) == 1 ? read(IO_BASE_UPPER, 4) : 0;
        long base = (registers & 0xf0L) << 8 | (upper & 0xffffL) << 16;
        long limit = registers & 0xf000L | (upper & 0xffff_0000L) | 0xfff;
        return range(base, limit);
    }

    /** What a bridge lets through of memory. */
    Optional<AddressRange> memory() {
        return range((read(MEMORY_BASE, 2) & 0xfff0L) << 16, (read(MEMORY_BASE + 2, 2) & 0xfff0L) << 16 | MIB - 1);
    }

    /** What a bridge lets through of prefetchable memory. */
    Optional<AddressRange> prefetchable() {
        int base = read(PREFETCH_BASE, 2);
        int limit = read(PREFETCH_BASE + 2, 2);
        boolean wide = (base & 0xf) == 1;
        long upperBase = wide ? (long) read(PREFETCH_BASE_UPPER, 4) << 32 : 0;
        long upperLimit = wide ? (long) read(PREFETCH_LIMIT_UPPER, 4) << 32 : 0;
        return range(upperBase | (base & 0xfff0L) << 16, upperLimit | (limit & 0xfff0L) << 16 | MIB - 1);
    }

    private static Optional<AddressRange> range(long base, long limit) {
        return Long.compareUnsigned(base, limit) < 0
                ? Optional.of(new AddressRange(base, limit - base + 1))
                : Optional.empty();
    }
}
