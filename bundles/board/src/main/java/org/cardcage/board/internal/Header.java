package org.cardcage.board.internal;

import org.cardcage.device.Bar;
import org.cardcage.device.BridgeHeader;
import org.cardcage.device.BridgeHeader.Io;
import org.cardcage.device.BridgeHeader.Prefetchable;
import org.cardcage.device.FunctionDescription;

/** The first 64 bytes of configuration space (PCI 3.0 section 6.1, PCI-to-PCI Bridge 1.2 section 3.2). */
final class Header {

    /** Bytes of a header. */
    static final int END = 0x40;
    /** Bytes of a conventional configuration space. */
    static final int CONVENTIONAL_END = 0x100;

    static final int COMMAND = 0x04;
    static final int STATUS = 0x06;
    static final int HEADER_TYPE = 0x0e;
    static final int BARS = 0x10;
    static final int ROM = 0x30;
    static final int PRIMARY_BUS = 0x18;
    static final int SECONDARY_BUS = 0x19;
    static final int SUBORDINATE_BUS = 0x1a;
    static final int IO_BASE = 0x1c;
    static final int SECONDARY_STATUS = 0x1e;
    static final int MEMORY_BASE = 0x20;
    static final int PREFETCH_BASE = 0x24;
    static final int PREFETCH_UPPER = 0x28;
    static final int IO_UPPER = 0x30;
    static final int BRIDGE_ROM = 0x38;
    static final int BRIDGE_CONTROL = 0x3e;

    static final int COMMAND_IO = 1;
    static final int COMMAND_MEMORY = 1 << 1;
    static final int COMMAND_MASTER = 1 << 2;
    static final int COMMAND_INTX_DISABLE = 1 << 10;
    static final int STATUS_INTERRUPT = 1 << 3;
    static final int STATUS_CAPABILITIES = 1 << 4;
    /** Status: this function, as target, has ended an access of somebody else. */
    static final int SIGNALLED_TARGET_ABORT = 1 << 11;
    /** Status: the target of this function's access has ended it. */
    static final int RECEIVED_TARGET_ABORT = 1 << 12;
    /** Status: nobody has answered this function's access. */
    static final int RECEIVED_MASTER_ABORT = 1 << 13;
    /** Status: this function has seen an error that somebody has to know of. */
    static final int SIGNALLED_SYSTEM_ERROR = 1 << 14;
    /** The error bits of a status register, which software clears by writing 1. */
    static final int STATUS_ERRORS = 0xf900;

    static final int MULTI_FUNCTION = 1 << 7;
    static final int ROM_ENABLE = 1;
    static final int BRIDGE_RESET = 1 << 6;

    private static final int VENDOR = 0x00;
    private static final int DEVICE = 0x02;
    private static final int REVISION = 0x08;
    private static final int CLASS = 0x09;
    private static final int CACHE_LINE = 0x0c;
    private static final int SECONDARY_LATENCY = 0x1b;
    private static final int SUBSYSTEM_VENDOR = 0x2c;
    private static final int SUBSYSTEM = 0x2e;
    private static final int INTERRUPT_LINE = 0x3c;
    private static final int INTERRUPT_PIN = 0x3d;

    private static final int COMMAND_SERR = 1 << 8;
    private static final int COMMAND_WRITABLE =
            COMMAND_IO | COMMAND_MEMORY | COMMAND_MASTER | COMMAND_SERR | COMMAND_INTX_DISABLE;
    private static final int BRIDGE_CONTROL_WRITABLE = 0x0bff;
    private static final int BRIDGE_DISCARD_STATUS = 1 << 10;

    private Header() {}

    static void define(ConfigBytes bytes, FunctionDescription d) {
        bytes.define(VENDOR, 2, d.vendorId());
        bytes.define(DEVICE, 2, d.deviceId());
        bytes.define(REVISION, 1, d.revision());
        bytes.define(CLASS, 1, d.classCode());
        bytes.define(CLASS + 1, 2, d.classCode() >>> 8);
        bytes.define(COMMAND, 2, 0, COMMAND_WRITABLE, 0);
        bytes.define(STATUS, 2, 0, 0, STATUS_ERRORS);
        bytes.define(CACHE_LINE, 1, 0, 0xff, 0);
        bytes.define(INTERRUPT_LINE, 1, 0, 0xff, 0);
        bytes.define(INTERRUPT_PIN, 1, d.interruptPin());
        d.bridge().ifPresentOrElse(b -> defineBridge(bytes, b), () -> {
            bytes.define(SUBSYSTEM_VENDOR, 2, d.subsystemVendorId());
            bytes.define(SUBSYSTEM, 2, d.subsystemId());
        });
        for (Bar bar : d.bars()) {
            defineBar(bytes, bar);
        }
        d.rom().ifPresent(rom -> {
            int at = d.bridge().isPresent() ? BRIDGE_ROM : ROM;
            bytes.define(at, 4, 0, -rom.size() | ROM_ENABLE, 0);
        });
    }

    private static void defineBar(ConfigBytes bytes, Bar bar) {
        int at = BARS + 4 * bar.index();
        int kind =
                switch (bar.kind()) {
                    case IO -> 1;
                    case MEMORY_32 -> 0;
                    case MEMORY_64 -> 4;
                };
        bytes.define(at, 4, kind | (bar.prefetchable() ? 8 : 0), (int) -bar.size(), 0);
        if (bar.kind() == Bar.Kind.MEMORY_64) {
            bytes.define(at + 4, 4, 0, (int) (-bar.size() >>> 32), 0);
        }
    }

    private static void defineBridge(ConfigBytes bytes, BridgeHeader bridge) {
        bytes.define(HEADER_TYPE, 1, 1);
        bytes.define(PRIMARY_BUS, 3, 0, 0xff_ffff, 0);
        bytes.define(SECONDARY_LATENCY, 1, 0, 0xff, 0);
        bytes.define(SECONDARY_STATUS, 2, 0, 0, STATUS_ERRORS);
        bytes.define(MEMORY_BASE, 4, 0, 0xfff0_fff0, 0);
        if (bridge.io() != Io.NONE) {
            boolean wide = bridge.io() == Io.BITS_32;
            bytes.define(IO_BASE, 2, wide ? 0x0101 : 0, 0xf0f0, 0);
            bytes.define(IO_UPPER, 4, 0, wide ? -1 : 0, 0);
        }
        if (bridge.prefetchable() != Prefetchable.NONE) {
            boolean wide = bridge.prefetchable() == Prefetchable.BITS_64;
            bytes.define(PREFETCH_BASE, 4, wide ? 0x0001_0001 : 0, 0xfff0_fff0, 0);
            bytes.define(PREFETCH_UPPER, 4, 0, wide ? -1 : 0, 0);
            bytes.define(PREFETCH_UPPER + 4, 4, 0, wide ? -1 : 0, 0);
        }
        bytes.define(BRIDGE_CONTROL, 2, 0, BRIDGE_CONTROL_WRITABLE, BRIDGE_DISCARD_STATUS);
    }
}
