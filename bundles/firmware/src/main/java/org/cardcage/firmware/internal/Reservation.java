package org.cardcage.firmware.internal;

/**
 * What firmware keeps free below a bridge for cards to come: what the bridge itself asks for by QEMU's vendor-specific
 * capability ({@code docs/pcie_pci_bridge.txt} there), otherwise, if cards can be plugged in below, 2 MiB of each kind of
 * memory, of which a PC's firmware gives whole multiples, and ports if the slots are those of plain PCI.
 *
 * @param buses bus numbers beyond those in use
 * @param hotPlug whether cards can be plugged in below
 */
record Reservation(int buses, long ports, long memory, long prefetchable, boolean hotPlug) {

    private static final int EXPRESS = 0x10;
    private static final int EXPRESS_SLOT = 1 << 8;
    private static final int EXPRESS_SLOT_CAPABILITIES = 0x14;
    private static final int SLOT_HOT_PLUG = 1 << 6;
    private static final int STANDARD_HOT_PLUG = 0x0c;
    private static final int VENDOR_SPECIFIC = 0x09;
    private static final int RED_HAT = 0x1b36;
    private static final int RESERVE_TYPE = 1;
    private static final long USUAL = 2 << 20;
    private static final long USUAL_PORTS = 0x1000;
    private static final long LOW = 0xffff_ffffL;

    static final Reservation NONE = new Reservation(0, 0, 0, 0, false);

    static Reservation of(FunctionNode bridge) {
        Reservation usual = usual(bridge);
        int at = bridge.read(0, 2) == RED_HAT ? bridge.capability(VENDOR_SPECIFIC) : 0;
        if (at == 0 || bridge.read(at + 3, 1) != RESERVE_TYPE) {
            return usual;
        }
        long buses = wanted(bridge, at + 4, 0);
        long narrow = wanted(bridge, at + 20, usual.prefetchable);
        return new Reservation(
                (int) Math.min(buses, 255),
                wanted(bridge, at + 8, usual.ports),
                wanted(bridge, at + 16, usual.memory),
                wanted(bridge, at + 24, narrow),
                usual.hotPlug);
    }

    private static Reservation usual(FunctionNode bridge) {
        int express = bridge.capability(EXPRESS);
        if (express != 0) {
            boolean hotPlug = (bridge.read(express + 2, 2) & EXPRESS_SLOT) != 0
                    && (bridge.read(express + EXPRESS_SLOT_CAPABILITIES, 4) & SLOT_HOT_PLUG) != 0;
            if (hotPlug) {
                return new Reservation(0, 0, USUAL, USUAL, true);
            }
        }
        return bridge.capability(STANDARD_HOT_PLUG) != 0 ? new Reservation(0, USUAL_PORTS, USUAL, USUAL, true) : NONE;
    }

    /** All ones mean that the bridge does not say; of values with 64 bits the upper half is beyond what we give. */
    private static long wanted(FunctionNode bridge, int at, long otherwise) {
        long value = bridge.read(at, 4) & LOW;
        return value == LOW ? otherwise : value;
    }

    /** Bytes of which a window is to be a multiple. */
    long step(Window.Kind kind) {
        return hotPlug && kind != Window.Kind.PORTS ? USUAL : 1;
    }

    long of(Window.Kind kind) {
        return switch (kind) {
            case PORTS -> ports;
            case MEMORY -> memory;
            case PREFETCHABLE -> prefetchable;
        };
    }
}
