package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.pci.PciDeviceId;

/** An entry of an id table as it is written to {@code new_id} and {@code remove_id}: up to seven hexadecimal numbers. */
final class IdText {

    private static final int FIELDS = 7;

    private IdText() {}

    /**
     * Reads vendor, device, and if they are there subvendor, subdevice, class, mask and driver data (Linux {@code
     * new_id_store}); as with {@code sscanf} whatever follows the last number is not looked at.
     *
     * @throws KernelException EINVAL without vendor and device
     */
    static PciDeviceId parse(String text) {
        List<Long> fields = new ArrayList<>();
        for (String word : text.strip().split("\\s+")) {
            String digits = digits(word);
            if (digits.isEmpty() || fields.size() == FIELDS) {
                break;
            }
            fields.add(Long.parseUnsignedLong(digits, 16));
            if (digits.length() < withoutPrefix(word).length()) {
                break;
            }
        }
        if (fields.size() < 2) {
            throw new KernelException(Errno.EINVAL, "\"" + text.strip() + "\" does not begin with vendor and device");
        }
        return new PciDeviceId(
                number(fields, 0, 0),
                number(fields, 1, 0),
                number(fields, 2, PciDeviceId.ANY),
                number(fields, 3, PciDeviceId.ANY),
                number(fields, 4, 0),
                number(fields, 5, 0),
                fields.size() == FIELDS ? fields.get(6) : 0);
    }

    private static int number(List<Long> fields, int index, int otherwise) {
        return index < fields.size() ? fields.get(index).intValue() : otherwise;
    }

    private static String withoutPrefix(String word) {
        return word.startsWith("0x") || word.startsWith("0X") ? word.substring(2) : word;
    }

    /** The hexadecimal digits at the beginning, at most those of 64 bits. */
    private static String digits(String word) {
        String rest = withoutPrefix(word);
        int end = 0;
        while (end < rest.length() && end < 16 && Character.digit(rest.charAt(end), 16) >= 0) {
            end++;
        }
        return rest.substring(0, end);
    }
}
