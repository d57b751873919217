package org.cardcage.board.internal;

import java.util.function.IntSupplier;
import org.cardcage.device.MsiCapability;

/** The registers of an MSI capability (PCI 3.0 section 6.8.1). Threads: guarded by the lock of the {@link Fabric}. */
final class MsiRegisters {

    private static final int CONTROL = 2;
    private static final int ENABLE = 1;
    private static final int COUNT_SHIFT = 4;
    private static final int COUNT = 7 << COUNT_SHIFT;
    private static final int WIDE = 1 << 7;
    private static final int MASKING = 1 << 8;

    private final ConfigBytes bytes;
    private final int at;
    private final MsiCapability capability;
    private final int data;
    private final int most;
    private IntSupplier pending = () -> 0;

    MsiRegisters(ConfigBytes bytes, int at, MsiCapability capability) {
        this.bytes = bytes;
        this.at = at;
        this.capability = capability;
        data = at + (capability.address64() ? 12 : 8);
        most = Integer.numberOfTrailingZeros(capability.vectors());
        int kind = (capability.address64() ? WIDE : 0) | (capability.masking() ? MASKING : 0);
        bytes.define(at + CONTROL, 2, most << 1 | kind, ENABLE | COUNT, 0);
        bytes.define(at + 4, 4, 0, ~3, 0);
        if (capability.address64()) {
            bytes.define(at + 8, 4, 0, -1, 0);
        }
        bytes.define(data, 2, 0, 0xffff, 0);
        if (capability.masking()) {
            bytes.define(data + 2, 2, 0);
            bytes.define(data + 4, 4, 0, (int) ((1L << capability.vectors()) - 1), 0);
            bytes.define(data + 8, 4, 0);
        }
    }

    /**
     * After a write: an enabled function uses at most as many vectors as it has.
     *
     * @return whether the write touched the capability and left it enabled, upon which the function drops its pin
     */
    boolean written(int offset, int width) {
        if (!ConfigBytes.touches(at, at + capability.length(), offset, width) || !enabled()) {
            return false;
        }
        int exponent = Math.min(exponent(), most);
        bytes.set(at + CONTROL, 2, bytes.read(at + CONTROL, 2) & ~COUNT | exponent << COUNT_SHIFT);
        return true;
    }

    private int exponent() {
        return (bytes.read(at + CONTROL, 2) & COUNT) >>> COUNT_SHIFT;
    }

    boolean enabled() {
        return bytes.has(at + CONTROL, 2, ENABLE);
    }

    /** The 64-bit address of the message. */
    long address() {
        long upper = capability.address64() ? bytes.read(at + 8, 4) & 0xffff_ffffL : 0;
        return upper << 32 | bytes.read(at + 4, 4) & 0xffff_ffffL;
    }

    /** The 16 bits of data of the first vector. */
    int data() {
        return bytes.read(data, 2);
    }

    /** How many vectors software has enabled, a power of two. */
    int count() {
        return 1 << exponent();
    }

    /** The vectors that software has masked, vector 0 in bit 0. */
    int masked() {
        return capability.masking() ? bytes.read(data + 4, 4) : 0;
    }

    /** From now on the pending bits show what {@code source} says. */
    void pendingFrom(IntSupplier source) {
        pending = source;
    }

    /** Before a read: brings the pending bits up to date if it covers them. */
    void beforeRead(int offset, int width) {
        if (capability.masking() && ConfigBytes.touches(data + 8, data + 12, offset, width)) {
            bytes.set(data + 8, 4, pending.getAsInt());
        }
    }
}
