package org.cardcage.board.internal;

import org.cardcage.device.MsixCapability;

/** The registers of an MSI-X capability (PCI 3.0 section 6.8.2). Threads: guarded by the lock of the {@link Fabric}. */
final class MsixRegisters {

    private static final int CONTROL = 2;
    private static final int TABLE = 4;
    private static final int PENDING = 8;
    private static final int ENABLE = 1 << 15;
    private static final int MASK = 1 << 14;

    private final ConfigBytes bytes;
    private final int at;

    MsixRegisters(ConfigBytes bytes, int at, MsixCapability capability) {
        this.bytes = bytes;
        this.at = at;
        bytes.define(at + CONTROL, 2, capability.vectors() - 1, ENABLE | MASK, 0);
        bytes.define(at + TABLE, 4, (int) capability.tableOffset() | capability.tableBar());
        bytes.define(at + PENDING, 4, (int) capability.pendingOffset() | capability.pendingBar());
    }

    /** Whether a write touched the control register and left the capability enabled, upon which the function drops its pin. */
    boolean written(int offset, int width) {
        return ConfigBytes.touches(at + CONTROL, at + CONTROL + 2, offset, width) && enabled();
    }

    boolean enabled() {
        return bytes.has(at + CONTROL, 2, ENABLE);
    }

    /** Whether all vectors are masked. */
    boolean masked() {
        return bytes.has(at + CONTROL, 2, MASK);
    }
}
