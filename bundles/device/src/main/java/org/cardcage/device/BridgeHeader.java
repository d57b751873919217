package org.cardcage.device;

import java.util.Objects;

/**
 * What makes a function a bridge to another bus: a type 1 header (PCI-to-PCI Bridge 1.2 section 3.2) with bus numbers and
 * windows. Each bridge has a 32-bit window for memory; the others may be missing.
 *
 * @param io the window for I/O ports
 * @param prefetchable the window for prefetchable memory
 */
public record BridgeHeader(Io io, Prefetchable prefetchable) {

    /** Width of the I/O window's addresses. */
    public enum Io {
        NONE,
        BITS_16,
        BITS_32
    }

    /** Width of the prefetchable window's addresses. */
    public enum Prefetchable {
        NONE,
        BITS_32,
        BITS_64
    }

    public BridgeHeader {
        Objects.requireNonNull(io, "I/O window");
        Objects.requireNonNull(prefetchable, "prefetchable window");
    }

    /** 16-bit ports and 64-bit prefetchable memory. */
    public static BridgeHeader usual() {
        return new BridgeHeader(Io.BITS_16, Prefetchable.BITS_64);
    }
}
