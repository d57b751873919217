package org.cardcage.pci;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

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

    private static final int FIELDS = 7;
    private static final Pattern FIELD = Pattern.compile("\\s*(?:0[xX](?=[0-9a-fA-F]))?([0-9a-fA-F]+)");

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

    /**
     * Reads an entry as Linux's files {@code new_id} and {@code remove_id} take it: vendor, device, subsystem vendor,
     * subsystem id, class, class mask and driver data, hexadecimal, with or without {@code 0x}, blanks between. The first two
     * must be there; of the others each counts if all before it do, and what is no number ends the list. Digits beyond the
     * lowest 32 bits (of the data 64) are dropped.
     *
     * @throws KernelException EINVAL if there are not at least vendor and device
     */
    public static PciDeviceId parse(String text) {
        List<Long> fields = new ArrayList<>();
        Matcher next = FIELD.matcher(text);
        while (fields.size() < FIELDS && next.lookingAt()) {
            String digits = next.group(1);
            fields.add(new BigInteger(digits, 16).longValue());
            next.region(next.end(), text.length());
        }
        if (fields.size() < 2) {
            throw new KernelException(
                    Errno.EINVAL, "\"" + text.strip() + "\" must begin with vendor and device, as in 1234 11e8");
        }
        return new PciDeviceId(
                fields.get(0).intValue(),
                fields.get(1).intValue(),
                field(fields, 2, ANY),
                field(fields, 3, ANY),
                field(fields, 4, 0),
                field(fields, 5, 0),
                fields.size() > 6 ? fields.get(6) : 0);
    }

    private static int field(List<Long> fields, int index, int otherwise) {
        return index < fields.size() ? fields.get(index).intValue() : otherwise;
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

    /**
     * Whether an entry that was added is meant by this one, whatever their data (Linux {@code remove_id_store}): vendor and
     * device are the same, and so is what else is said here.
     */
    public boolean means(PciDeviceId added) {
        return vendor == added.vendor
                && device == added.device
                && fits(subvendor, added.subvendor)
                && fits(subdevice, added.subdevice)
                && ((classCode ^ added.classCode) & classMask) == 0;
    }

    private static boolean fits(int wanted, int actual) {
        return wanted == ANY || wanted == actual;
    }
}
