package org.cardcage.shell.internal.lspci;

import java.util.List;
import java.util.OptionalInt;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.Slot;

/**
 * What {@code -s} and {@code -d} let through. A field that is left out or {@code *} lets everything through; giving an
 * option twice replaces the fields that the second one names.
 *
 * <p>Threads: one; built, then asked.
 */
public final class LspciFilter {

    private static final int MAX_LENGTH = 64;

    /** A field without a digit has mask 0. */
    private record Field(int value, int mask) {

        static final Field ANY = new Field(0, 0);

        boolean matches(int actual) {
            return ((actual ^ value) & mask) == 0;
        }

        OptionalInt wanted() {
            return mask == 0 ? OptionalInt.empty() : OptionalInt.of(value);
        }
    }

    private boolean narrow;
    private Field domain = Field.ANY;
    private Field bus = Field.ANY;
    private Field device = Field.ANY;
    private Field function = Field.ANY;
    private Field vendorId = Field.ANY;
    private Field deviceId = Field.ANY;
    private Field classCode = Field.ANY;
    private Field progIf = Field.ANY;

    /**
     * Narrows it to {@code [[[domain]:]bus]:][slot][.[function]]}.
     *
     * @throws IllegalArgumentException with the words of lspci
     */
    public void slot(String text) {
        narrow = true;
        List<String> fields = fields(text, 3);
        List<String> last = List.of(fields.get(fields.size() - 1).split("\\.", -1));
        if (fields.size() > 2) {
            domain = parse(fields.get(0), 0x7fffffff, false, "Invalid domain number", domain);
        }
        if (fields.size() > 1) {
            bus = parse(fields.get(fields.size() - 2), 0xff, false, "Invalid bus number", bus);
        }
        if (last.size() > 2) {
            throw new IllegalArgumentException("Invalid slot/function number");
        }
        device = parse(last.get(0), 0x1f, false, "Invalid slot number", device);
        if (last.size() > 1) {
            function = parse(last.get(1), 7, false, "Invalid function number", function);
        }
    }

    /**
     * Narrows it to {@code [vendor]:[device][:class[:prog-if]]}; an {@code x} in the class stands for any digit.
     *
     * @throws IllegalArgumentException with the words of lspci
     */
    public void id(String text) {
        narrow = true;
        List<String> fields = fields(text, 4);
        if (fields.size() < 2) {
            throw new IllegalArgumentException("At least two fields must be given");
        }
        vendorId = parse(fields.get(0), 0xffff, false, "Invalid vendor ID", vendorId);
        deviceId = parse(fields.get(1), 0xffff, false, "Invalid device ID", deviceId);
        if (fields.size() > 2) {
            classCode = parse(fields.get(2), 0xffff, true, "Invalid class code", classCode);
        }
        if (fields.size() > 3) {
            progIf = parse(fields.get(3), 0xff, false, "Invalid programming interface code", progIf);
        }
    }

    private static List<String> fields(String text, int max) {
        if (text.length() >= MAX_LENGTH) {
            throw new IllegalArgumentException("Expression too long");
        }
        List<String> fields = List.of(text.split(":", -1));
        if (fields.size() > max) {
            throw new IllegalArgumentException("Too many fields");
        }
        return fields;
    }

    private static Field parse(String digits, int max, boolean wild, String complaint, Field unset) {
        if (digits.isEmpty() || digits.equals("*")) {
            return unset;
        }
        // 32 bits, as in pciutils: what has more digits loses the first ones
        int value = 0;
        int bound = 0;
        int mask = -1;
        for (char c : digits.toCharArray()) {
            boolean any = wild && (c == 'x' || c == 'X');
            int digit = any ? 0 : c < 0x80 ? Character.digit(c, 16) : -1;
            value = value << 4 | digit;
            bound = bound << 4 | (any ? 1 : digit);
            mask = mask << 4 | (any ? 0 : 0xf);
            if (digit < 0 || Integer.compareUnsigned(bound, max) > 0) {
                throw new IllegalArgumentException(complaint);
            }
        }
        return new Field(value, mask);
    }

    /** Whether it was narrowed at all. */
    boolean isNarrow() {
        return narrow;
    }

    /** The only domain that is let through. */
    OptionalInt domain() {
        return domain.wanted();
    }

    /** The only bus that is let through. */
    OptionalInt bus() {
        return bus.wanted();
    }

    /** The only device number that is let through. */
    OptionalInt device() {
        return device.wanted();
    }

    /** The only function number that is let through. */
    OptionalInt function() {
        return function.wanted();
    }

    /** Whether the function is let through. */
    public boolean matches(PciFunction f) {
        Slot at = f.slot();
        return domain.matches(at.domain())
                && bus.matches(at.bus())
                && device.matches(at.device())
                && function.matches(at.function())
                && vendorId.matches(f.identity().vendor())
                && deviceId.matches(f.identity().device())
                && classCode.matches(f.identity().classCode())
                && progIf.matches(f.identity().progIf());
    }
}
