package org.cardcage.shell.internal.lspci.capability;

/** The vendor-specific capability, of which one use is known: where a virtio device keeps its structures (virtio 1.1 section 4.1.4). */
final class VendorSpecific {

    private static final int VENDOR_RED_HAT = 0x1af4;
    private static final int VIRTIO_FIRST = 0x1000;
    private static final int VIRTIO_LAST = 0x107f;
    private static final int VIRTIO_LENGTH = 16;
    private static final int VIRTIO_NOTIFY = 2;
    private static final int VIRTIO_NOTIFY_LENGTH = 20;
    private static final Register VIRTIO =
            Register.of("VirtIO: {8-15=<unknown>|CommonCfg|Notify|ISR|DeviceCfg|*<unknown>}\n");

    private VendorSpecific() {}

    static void print(Capability c) {
        c.print("Vendor Specific Information: ");
        int length = c.u8(2);
        if (isVirtio(c) && length >= VIRTIO_LENGTH && c.has(0, length)) {
            virtio(c, length);
        } else {
            c.print("Len=%02x <?>\n", length);
        }
    }

    private static boolean isVirtio(Capability c) {
        int device = c.function().identity().device();
        return c.function().identity().vendor() == VENDOR_RED_HAT && device >= VIRTIO_FIRST && device <= VIRTIO_LAST;
    }

    private static void virtio(Capability c, int length) {
        c.print16(VIRTIO, 2);
        if (!c.isDetailed()) {
            return;
        }
        c.print("\t\tBAR=%d offset=%08x size=%08x", c.u8(4), c.u32(8), c.u32(12));
        if (c.u8(3) == VIRTIO_NOTIFY && length >= VIRTIO_NOTIFY_LENGTH) {
            c.print(" multiplier=%08x", c.u32(16));
        }
        c.print("\n");
    }
}
