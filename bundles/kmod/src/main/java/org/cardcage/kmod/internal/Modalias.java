package org.cardcage.kmod.internal;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Patterns of device ids as depmod writes them, and the names of devices that are matched with them. */
public final class Modalias {

    /** Namespace of the capability that stands for an entry of a PCI driver's id table. */
    public static final String PCI_NAMESPACE = "cardcage.pci.id";

    private Modalias() {}

    /**
     * The pattern for an entry of an id table (Linux {@code do_pci_entry} in {@code scripts/mod/file2alias.c}). A class of
     * which the mask covers only some bits of a byte becomes the wider pattern; the driver's id table decides in the end.
     *
     * @param id the attributes of the capability; one that is missing means any
     * @throws NumberFormatException if an attribute is no number
     */
    public static String ofPciId(Map<String, String> id) {
        int classCode = number(id, "class", 0);
        int mask = number(id, "class_mask", 0);
        String alias = "pci:v" + field(number(id, "vendor", -1))
                + "d" + field(number(id, "device", -1))
                + "sv" + field(number(id, "subvendor", -1))
                + "sd" + field(number(id, "subdevice", -1))
                + "bc" + classField(classCode >> 16, mask >> 16)
                + "sc" + classField(classCode >> 8, mask >> 8)
                + "i" + classField(classCode, mask);
        return alias.endsWith("*") ? alias : alias + "*";
    }

    private static int number(Map<String, String> id, String key, int otherwise) {
        String text = id.get(key);
        return text == null ? otherwise : Math.toIntExact(Long.decode(text));
    }

    private static String field(int id) {
        return id == -1 ? "*" : String.format(Locale.ROOT, "%08X", id);
    }

    private static String classField(int value, int mask) {
        return (mask & 0xff) == 0xff ? String.format(Locale.ROOT, "%02X", value & 0xff) : "*";
    }

    /** Whether the name of a device fits a pattern in which {@code *} stands for any text, as fnmatch has it. */
    public static boolean matches(String pattern, String modalias) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.matches(regex.toString(), modalias);
    }
}
