package org.cardcage.pci;

/**
 * An entry of a driver's id table (Linux {@code struct pci_device_id}).
 *
 * @param vendor 16 bits or {@link #ANY}
 * @param device 16 bits or {@link #ANY}
 * @param subvendor subsystem vendor, 16 bits or {@link #ANY}
 * @param subdevice subsystem id, 16 bits or {@link #ANY}
 * @param classCode 24 bits: base class, subclass, programming interface
 * @param classMask which bits of the class count; 0 for none
 * @param driverData of no meaning to the bus; handed to the driver's probe
 */
public record PciDeviceId(
        int vendor, int device, int subvendor, int subdevice, int classCode, int classMask, long driverData) {

    /** Matches every id (Linux {@code PCI_ANY_ID}). */
    public static final int ANY = -1;

    /** An entry for one vendor and device (Linux {@code PCI_DEVICE}). */
    public static PciDeviceId of(int vendor, int device) {
        return new PciDeviceId(vendor, device, ANY, ANY, 0, 0, 0);
    }

    /** An entry for a class of devices (Linux {@code PCI_DEVICE_CLASS}). */
    public static PciDeviceId ofClass(int classCode, int classMask) {
        return new PciDeviceId(ANY, ANY, ANY, ANY, classCode, classMask, 0);
    }

    /** The entry that an annotation stands for. */
    public static PciDeviceId of(PciId id) {
        return new PciDeviceId(
                id.vendor(),
                id.device(),
                id.subvendor(),
                id.subdevice(),
                id.classCode(),
                id.classMask(),
                id.driverData());
    }

    /** Whether the entry fits a device (Linux {@code pci_match_one_device}). */
    public boolean matches(PciDevice dev) {
        return fits(vendor, dev.vendor())
                && fits(device, dev.device())
                && fits(subvendor, dev.subsystemVendor())
                && fits(subdevice, dev.subsystemDevice())
                && ((classCode ^ dev.classCode()) & classMask) == 0;
    }

    /** Whether it matches each device that {@code other} matches, as far as the ids tell. */
    public boolean covers(PciDeviceId other) {
        return fits(vendor, other.vendor)
                && fits(device, other.device)
                && fits(subvendor, other.subvendor)
                && fits(subdevice, other.subdevice)
                && ((classCode ^ other.classCode) & classMask) == 0;
    }

    /** Whether the two match the same devices, whatever their data. */
    public boolean isLike(PciDeviceId other) {
        return vendor == other.vendor
                && device == other.device
                && subvendor == other.subvendor
                && subdevice == other.subdevice
                && ((classCode ^ other.classCode) & classMask) == 0;
    }

    private static boolean fits(int wanted, int actual) {
        return wanted == ANY || wanted == actual;
    }
}
