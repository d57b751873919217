package org.cardcage.shell.internal.lspci;

import java.util.Optional;

/**
 * How ids become text: as names, as numbers ({@code -n}) or as both ({@code -nn}).
 *
 * <p>Threads: immutable.
 */
final class PciNames {

    /** What is shown of an id. */
    enum Style {
        NAMES,
        NUMBERS,
        BOTH;

        /** The style that {@code -n} given so often asks for. */
        static Style of(int numeric) {
            return numeric == 0 ? NAMES : numeric == 1 ? NUMBERS : BOTH;
        }
    }

    private final PciIds ids;
    private final Style style;

    PciNames(PciIds ids, Style style) {
        this.ids = ids;
        this.style = style;
    }

    /** A class; a name that is only that of the base class is always followed by the number. */
    String classCode(int code) {
        String number = String.format("%04x", code);
        if (style == Style.NUMBERS) {
            return number;
        }
        Optional<String> sub = ids.subclass(code >> 8, code & 0xff);
        if (sub.isPresent()) {
            return style == Style.BOTH ? sub.get() + " [" + number + "]" : sub.get();
        }
        return ids.baseClass(code >> 8)
                .map(base -> base + " [" + number + "]")
                .orElse(style == Style.BOTH ? "Unknown class [" + number + "]" : "Class " + number);
    }

    /** Vendor and device. */
    String device(int vendor, int device) {
        return pair(ids.vendor(vendor), ids.device(vendor, device), vendor, device);
    }

    /** Vendor and device of a subsystem. */
    String subsystem(PciFunction f, PciFunction.Subsystem s) {
        Optional<String> name = ids.subsystem(f.vendor(), f.device(), s.vendor(), s.device());
        return pair(ids.vendor(s.vendor()), name, s.vendor(), s.device());
    }

    private String pair(Optional<String> vendor, Optional<String> device, int vendorId, int deviceId) {
        String number = String.format("%04x:%04x", vendorId, deviceId);
        if (style == Style.NUMBERS) {
            return number;
        }
        if (vendor.isEmpty()) {
            return style == Style.BOTH ? "Device [" + number + "]" : "Device " + number;
        }
        if (style == Style.BOTH) {
            return vendor.get() + " " + device.orElse("Device") + " [" + number + "]";
        }
        return vendor.get() + " " + device.orElse(String.format("Device %04x", deviceId));
    }
}
