package org.cardcage.shell.internal.lspci.function;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * How ids become text: as names, as numbers ({@code -n}) or as both ({@code -nn}). A character is a byte of the database,
 * whatever its encoding; a text that is too long for its place ends in three dots, as in pciutils.
 *
 * <p>Threads: immutable.
 */
public final class PciNames {

    /** What is shown of an id. */
    private enum Style {
        NAMES,
        NUMBERS,
        BOTH
    }

    private static final int SHORT = 128;
    private static final int LONG = 256;
    private static final int CLASS_IDE = 0x0101;
    private static final int IDE_OTHER_BITS = 0x70;

    private final PciIds ids;
    private final Style style;

    /** @param numeric how often {@code -n} was given */
    public PciNames(PciIds ids, int numeric) {
        this.ids = ids;
        this.style = numeric == 0 ? Style.NAMES : numeric == 1 ? Style.NUMBERS : Style.BOTH;
    }

    /** A class; a name that is only that of the base class is always followed by the number. */
    public String classCode(int code) {
        Optional<String> name = lookUp(() -> ids.subclass(code >> 8, code & 0xff));
        Style how = style;
        if (name.isEmpty() && style != Style.NUMBERS) {
            name = ids.baseClass(code >> 8);
            how = name.isPresent() && style == Style.NAMES ? Style.BOTH : style;
        }
        return single(how, name, String.format("%04x", code), "Class");
    }

    /** Name of a programming interface, whatever the style; an IDE controller's tells what it can do. */
    public Optional<String> progIf(int code, int progIf) {
        Optional<String> name = ids.progIf(code >> 8, code & 0xff, progIf);
        return name.isEmpty() && code == CLASS_IDE && (progIf & IDE_OTHER_BITS) == 0
                ? Optional.of(ide(progIf))
                : name.map(n -> fit(n, SHORT));
    }

    private static String ide(int progIf) {
        return ((progIf & 0x80) == 0 ? "" : "Master ")
                .concat((progIf & 0x08) == 0 ? "" : "SecP ")
                .concat((progIf & 0x04) == 0 ? "" : "SecO ")
                .concat((progIf & 0x02) == 0 ? "" : "PriP ")
                .concat((progIf & 0x01) == 0 ? "" : "PriO ")
                .strip();
    }

    /** A vendor. */
    public String vendor(int vendor) {
        return single(style, lookUp(() -> ids.vendor(vendor)), String.format("%04x", vendor), "Vendor");
    }

    /** A device without its vendor. */
    public String device(int vendor, int device) {
        return single(style, lookUp(() -> ids.device(vendor, device)), String.format("%04x", device), "Device");
    }

    /** Vendor and device. */
    public String vendorAndDevice(Identity id) {
        return vendorAndDevice(id, SHORT);
    }

    /** Vendor and device for a tree, where there is room for a longer text. */
    public String vendorAndDeviceInFull(Identity id) {
        return vendorAndDevice(id, LONG);
    }

    private String vendorAndDevice(Identity id, int room) {
        Optional<String> device = lookUp(() -> ids.device(id.vendor(), id.device()));
        return pair(room, lookUp(() -> ids.vendor(id.vendor())), device, id.vendor(), id.device());
    }

    /** The database is not asked where nothing but numbers is wanted: it may be damaged. */
    private Optional<String> lookUp(Supplier<Optional<String>> question) {
        return style == Style.NUMBERS ? Optional.empty() : question.get();
    }

    /** The vendor of a subsystem. */
    public String subVendor(Identity id) {
        return single(
                style,
                lookUp(() -> ids.vendor(id.subVendor())),
                String.format("%04x", id.subVendor()),
                "Unknown vendor");
    }

    /** A subsystem without its vendor. */
    public String subDevice(Identity id) {
        Optional<String> name = subsystemName(id, id.subVendor(), id.subDevice());
        return single(style, name, String.format("%04x", id.subDevice()), "Device");
    }

    /** Vendor and device of the subsystem. */
    public String subsystem(Identity id) {
        return subsystem(id, id.subVendor(), id.subDevice());
    }

    /** Vendor and device of a subsystem. */
    public String subsystem(Identity id, int subVendor, int subDevice) {
        Optional<String> name = subsystemName(id, subVendor, subDevice);
        return pair(LONG, lookUp(() -> ids.vendor(subVendor)), name, subVendor, subDevice);
    }

    private Optional<String> subsystemName(Identity id, int subVendor, int subDevice) {
        return lookUp(() -> ids.subsystem(id.vendor(), id.device(), subVendor, subDevice));
    }

    private static String single(Style style, Optional<String> name, String number, String unknown) {
        String text =
                switch (style) {
                    case NUMBERS -> number;
                    case NAMES -> name.orElse(unknown + " " + number);
                    case BOTH -> name.orElse(unknown) + " [" + number + "]";
                };
        return fit(text, SHORT);
    }

    private String pair(int room, Optional<String> vendor, Optional<String> device, int vendorId, int deviceId) {
        String number = String.format("%04x:%04x", vendorId, deviceId);
        String text;
        if (style == Style.NUMBERS) {
            text = number;
        } else if (vendor.isEmpty()) {
            text = style == Style.BOTH ? "Device [" + number + "]" : "Device " + number;
        } else if (style == Style.BOTH) {
            text = vendor.get() + " " + device.orElse("Device") + " [" + number + "]";
        } else {
            text = vendor.get() + " " + device.orElse(String.format("Device %04x", deviceId));
        }
        return fit(text, room);
    }

    /** A buffer of that size holds one byte less, the last three of them dots if there were more. */
    private static String fit(String text, int room) {
        return text.length() < room ? text : text.substring(0, room - 4) + "...";
    }
}
