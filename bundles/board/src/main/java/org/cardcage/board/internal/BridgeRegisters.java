package org.cardcage.board.internal;

import org.cardcage.device.BridgeHeader;
import org.cardcage.device.BridgeHeader.Io;
import org.cardcage.device.BridgeHeader.Prefetchable;
import org.cardcage.machine.AddressRange;

/**
 * Bus numbers, windows and control of a bridge (PCI-to-PCI Bridge 1.2 section 3.2). Threads: guarded by the lock of the
 * {@link Fabric}.
 */
final class BridgeRegisters {

    private static final long IO_GRANULE = 0xfff;
    private static final long MEMORY_GRANULE = 0xf_ffff;

    private final ConfigBytes bytes;
    private final BridgeHeader header;

    BridgeRegisters(ConfigBytes bytes, BridgeHeader header) {
        this.bytes = bytes;
        this.header = header;
    }

    /** Whether an access touches the bus numbers. */
    static boolean touchesNumbers(int offset, int width) {
        return ConfigBytes.touches(Header.PRIMARY_BUS, Header.SUBORDINATE_BUS + 1, offset, width);
    }

    /** Whether an access touches the bridge control register. */
    static boolean touchesControl(int offset, int width) {
        return ConfigBytes.touches(Header.BRIDGE_CONTROL, Header.BRIDGE_CONTROL + 2, offset, width);
    }

    /** The bus below; 0 before somebody has numbered it. */
    int secondaryBus() {
        return bytes.read(Header.SECONDARY_BUS, 1);
    }

    /** The last bus below, inclusive. */
    int subordinateBus() {
        return bytes.read(Header.SUBORDINATE_BUS, 1);
    }

    /** Whether it holds the bus below in reset. */
    boolean holdsReset() {
        return bytes.has(Header.BRIDGE_CONTROL, 2, Header.BRIDGE_RESET);
    }

    /** The ports that go down, or null if none; whether they are enabled is another question. */
    AddressRange ioWindow() {
        if (header.io() == Io.NONE) {
            return null;
        }
        long base = (bytes.read(Header.IO_BASE, 1) & 0xf0L) << 8;
        long limit = (bytes.read(Header.IO_BASE + 1, 1) & 0xf0L) << 8 | IO_GRANULE;
        if (header.io() == Io.BITS_32) {
            base |= (long) bytes.read(Header.IO_UPPER, 2) << 16;
            limit |= (long) bytes.read(Header.IO_UPPER + 2, 2) << 16;
        }
        return window(base, limit);
    }

    /** The memory that goes down, or null if none. */
    AddressRange memoryWindow() {
        return window(upperHalf(Header.MEMORY_BASE), upperHalf(Header.MEMORY_BASE + 2) | MEMORY_GRANULE);
    }

    /** The prefetchable memory that goes down, or null if none. */
    AddressRange prefetchWindow() {
        if (header.prefetchable() == Prefetchable.NONE) {
            return null;
        }
        long base = upperHalf(Header.PREFETCH_BASE);
        long limit = upperHalf(Header.PREFETCH_BASE + 2) | MEMORY_GRANULE;
        if (header.prefetchable() == Prefetchable.BITS_64) {
            base |= (long) bytes.read(Header.PREFETCH_UPPER, 4) << 32;
            limit |= (long) bytes.read(Header.PREFETCH_UPPER + 4, 4) << 32;
        }
        return window(base, limit);
    }

    private long upperHalf(int offset) {
        return (bytes.read(offset, 2) & 0xfff0L) << 16;
    }

    private static AddressRange window(long base, long limit) {
        if (Long.compareUnsigned(base, limit) > 0) {
            return null;
        }
        // a window of more than half of all addresses has a length that a range cannot hold
        long length = limit - base + 1;
        return new AddressRange(base, length > 0 ? length : Long.MAX_VALUE);
    }
}
