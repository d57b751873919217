package org.cardcage.machine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a PCI function sits: domain, bus, device and function number (PCI Local Bus 3.0 section 3.2.2.3.2; Linux prints
 * it as {@code 0000:00:04.0}). Ordered as {@code lspci} lists functions.
 *
 * @param domain 0 to 0xffffffff as an unsigned int; 0 on a PC
 * @param bus 0 to 255
 * @param device 0 to 31
 * @param function 0 to 7
 */
public record FunctionAddress(int domain, int bus, int device, int function) implements Comparable<FunctionAddress> {

    private static final Pattern TEXT =
            Pattern.compile("(?:(?:([0-9a-fA-F]{1,8}):)?([0-9a-fA-F]{1,2}):)?([0-9a-fA-F]{1,2})(?:\\.([0-7]))?");

    /** @throws IllegalArgumentException if a number is out of its range */
    public FunctionAddress {
        check("bus", bus, 255);
        check("device", device, 31);
        check("function", function, 7);
    }

    private static void check(String what, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(
                    String.format("%s number 0x%x is not in the range 0 to 0x%x", what, value, max));
        }
    }

    /**
     * Reads the form {@code [[domain:]bus:]device[.function]}, all numbers hexadecimal; what is left out is 0.
     *
     * @throws IllegalArgumentException if the text has another form or a number is out of its range
     */
    public static FunctionAddress parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not of the form [[domain:]bus:]device[.function],"
                    + " hexadecimal, as in 0000:00:04.0");
        }
        return new FunctionAddress(hex(m.group(1)), hex(m.group(2)), hex(m.group(3)), hex(m.group(4)));
    }

    private static int hex(String digits) {
        return digits == null ? 0 : Integer.parseUnsignedInt(digits, 16);
    }

    /** The same place with another function number. */
    public FunctionAddress withFunction(int other) {
        return new FunctionAddress(domain, bus, device, other);
    }

    @Override
    public int compareTo(FunctionAddress o) {
        int c = Integer.compareUnsigned(domain, o.domain);
        c = c != 0 ? c : Integer.compare(bus, o.bus);
        c = c != 0 ? c : Integer.compare(device, o.device);
        return c != 0 ? c : Integer.compare(function, o.function);
    }

    /** The form with all four numbers, {@code 0000:00:04.0}. */
    @Override
    public String toString() {
        return String.format("%04x:%02x:%02x.%x", domain, bus, device, function);
    }
}
