package org.cardcage.passive.device;

/**
 * What software can write of a PCI Express capability (PCI Express 4.0 section 7.5.3). Resets, retraining of a link and the
 * like begin with a bit that always reads 0, and nothing follows from them here.
 */
final class ExpressMasks {

    private static final int ROOT_PORT = 4;
    private static final int DOWNSTREAM_PORT = 6;
    private static final int TO_PCI_BRIDGE = 7;
    private static final int FROM_PCI_BRIDGE = 8;
    private static final int INTEGRATED_ENDPOINT = 9;
    private static final int EVENT_COLLECTOR = 10;
    private static final int HAS_SLOT = 1 << 8;
    private static final int CONVENTIONAL_END = 0x100;

    private final RegisterMasks masks;
    private final int at;

    private ExpressMasks(RegisterMasks masks, int at) {
        this.masks = masks;
        this.at = at;
    }

    static void define(ConfigurationImage image, int at, RegisterMasks masks) {
        new ExpressMasks(masks, at).define(image.read(at + 2, 2));
    }

    private void define(int flags) {
        int port = port(flags);
        boolean facesDown = port == ROOT_PORT || port == DOWNSTREAM_PORT || port == FROM_PCI_BRIDGE;
        boolean link = port != INTEGRATED_ENDPOINT && port != EVENT_COLLECTOR;
        boolean second = (flags & 0xf) >= 2;
        // bit 15 of a bridge lets it retry configuration cycles, of others it resets the function
        writable(0x08, 2, port == TO_PCI_BRIDGE ? 0xffff : 0x7fff);
        clearable(0x0a, 2, 0xf);
        if (link) {
            writable(0x10, 2, facesDown ? 0xfdb : 0x3cb);
            clearable(0x12, 2, facesDown ? 0xc000 : 0);
        }
        if (facesDown && (flags & HAS_SLOT) != 0) {
            writable(0x18, 2, 0x3fff);
            clearable(0x1a, 2, 0x11f);
        }
        if (isRoot(port)) {
            writable(0x1c, 2, 0x1f);
            clearable(0x20, 4, 0x1_0000);
        }
        if (second) {
            writable(0x28, 2, 0xffff);
        }
        if (second && link) {
            writable(0x30, 2, 0xffbf);
            clearable(0x32, 2, 0x20);
        }
    }

    /** The device/port type that the capabilities register says. */
    private static int port(int flags) {
        return flags >>> 4 & 0xf;
    }

    private static boolean isRoot(int port) {
        return port == ROOT_PORT || port == EVENT_COLLECTOR;
    }

    /** Whether the capability at this place is that of a root port or a root complex event collector. */
    static boolean isRoot(ConfigurationImage image, int at) {
        return isRoot(port(image.read(at + 2, 2)));
    }

    private void writable(int register, int width, int bits) {
        if (at + register + width <= CONVENTIONAL_END) {
            masks.writable(at + register, width, bits);
        }
    }

    private void clearable(int register, int width, int bits) {
        if (at + register + width <= CONVENTIONAL_END) {
            masks.clearable(at + register, width, bits);
        }
    }
}
