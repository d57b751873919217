package org.cardcage.shell.internal.lspci;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardcage.shell.internal.lspci.SetpciRegisters.Base;
import org.cardcage.shell.internal.lspci.SetpciRegisters.Named;

/**
 * A register to read, or to write values into: itself and those behind it.
 *
 * @param register what is named, or the address
 * @param offset added to its own, in bytes
 * @param width in bytes
 * @param instance which of the capabilities with the same id, from 0 on
 * @param values to write; empty to read
 */
record SetpciOperation(Named register, int offset, int width, int instance, List<Value> values) {

    /** Bits to write, where the mask has ones; what does not fit into the register is shown, but not written. */
    record Value(long value, long mask, boolean masked) {}

    /** The command line is wrong; what follows is nothing but a hint at the help. */
    static final class BadLineException extends IllegalArgumentException {

        private static final long serialVersionUID = 1;

        BadLineException(String message) {
            super(message);
        }
    }

    private static final Pattern NUMBER = Pattern.compile("\\s*([+-]?)(?:0[xX])?0*(\\p{XDigit}{1,8})");
    private static final int CONFIG = 0x1000;
    private static final int LAST_CAPABILITY = 0xff;
    private static final int LAST_EXTENDED = 0xfff;

    /**
     * Reads {@code base[+offset][.width][@number][=value[:mask],...]}.
     *
     * @throws BadLineException in setpci's words
     */
    static SetpciOperation parse(String text, SetpciRegisters registers) {
        Split values = Split.at(text, '=');
        Split number = Split.at(values.head(), '@');
        Split width = Split.at(number.head(), '.');
        Split offset = Split.at(width.head(), '+');
        if (values.tail().filter(String::isEmpty).isPresent()) {
            throw new BadLineException("Missing value");
        }
        List<String> words = values.tail().map(t -> List.of(t.split(",", -1))).orElse(List.of());
        int told = width.tail().map(SetpciOperation::width).orElse(0);
        int instance = number.tail()
                .map(t -> upTo(Integer.MAX_VALUE, t, "Invalid number"))
                .orElse(0);
        Named register = register(offset.head(), registers);
        int size = told == 0 ? register.width() : told;
        if (size == 0) {
            throw new BadLineException("Missing width");
        }
        int plus = offset.tail().map(t -> upTo(CONFIG - 1, t, "Invalid offset")).orElse(0);
        int address = register.offset() + plus;
        if (address < 0 || address >= CONFIG || address + size * Math.max(1, words.size()) > CONFIG) {
            throw new BadLineException(String.format("Register number %02x out of range", address));
        }
        if (address % size != 0) {
            throw new BadLineException(String.format("Unaligned register address %02x", address));
        }
        return new SetpciOperation(
                register,
                plus,
                size,
                instance,
                words.stream().map(w -> value(w, size)).toList());
    }

    /** A text and what follows a mark in it. */
    private record Split(String head, Optional<String> tail) {

        static Split at(String text, char mark) {
            int at = text.indexOf(mark);
            return at < 0
                    ? new Split(text, Optional.empty())
                    : new Split(text.substring(0, at), Optional.of(text.substring(at + 1)));
        }
    }

    private static int width(String text) {
        int width = text.length() == 1 ? " BW L".indexOf(Character.toUpperCase(text.charAt(0))) : -1;
        if (width <= 0) {
            throw new BadLineException("Invalid width \"" + text + "\"");
        }
        return width;
    }

    private static Named register(String name, SetpciRegisters registers) {
        Optional<Long> address = hex(name);
        if (address.isPresent()) {
            return new Named(name, Base.HEADER, 0, address.get().intValue(), 0, "");
        }
        return registers
                .find(name)
                .or(() -> numbered(name, "CAP", Base.CAPABILITY, LAST_CAPABILITY))
                .or(() -> numbered(name, "ECAP", Base.EXTENDED, LAST_EXTENDED))
                .orElseThrow(() -> new BadLineException("Unknown register \"" + name + "\""));
    }

    private static Optional<Named> numbered(String name, String prefix, Base base, int last) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length())
                ? hex(name.substring(prefix.length()))
                        .filter(id -> id <= last)
                        .map(id -> new Named(name, base, id.intValue(), 0, 0, ""))
                : Optional.empty();
    }

    private static Value value(String text, int size) {
        Split mask = Split.at(text, ':');
        long limit = size == 4 ? 0xffffffffL : (1L << 8 * size) - 1;
        boolean onlyMask = mask.head().isEmpty() && mask.tail().isPresent();
        Optional<Long> number = onlyMask ? Optional.of(0L) : hex(mask.head());
        if (number.isEmpty()) {
            throw new BadLineException("Invalid value \"" + text + "\"");
        }
        long value = inRange(number.get(), limit, "Value", text);
        if (mask.tail().isEmpty()) {
            return new Value(value, limit, false);
        }
        String digits = mask.tail().get();
        long bits = inRange(hex(digits, "Invalid mask"), limit, "Mask", digits);
        return new Value(value & bits, bits, (bits & limit) != limit);
    }

    private static long inRange(long value, long limit, String what, String digits) {
        // a mask or value with ones in front is a negative number of that width
        if (value > limit && value < 0xffffffffL - limit) {
            throw new BadLineException(what + " \"" + digits + "\" is out of range");
        }
        return value;
    }

    private static int upTo(long last, String text, String complaint) {
        long value = hex(text, complaint);
        if (value > last) {
            throw new BadLineException(complaint + " \"" + text + "\"");
        }
        return (int) value;
    }

    private static long hex(String text, String complaint) {
        return hex(text).orElseThrow(() -> new BadLineException(complaint + " \"" + text + "\""));
    }

    /** At most 32 bits, as {@code strtoul} reads them: with or without blanks, a sign and {@code 0x}. */
    private static Optional<Long> hex(String text) {
        Matcher m = NUMBER.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        long value = Long.parseLong(m.group(2), 16);
        return value != 0 && m.group(1).equals("-") ? Optional.empty() : Optional.of(value);
    }
}
