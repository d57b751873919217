package org.cardcage.shell.internal.lspci.capability;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a register, as words with its fields in braces:
 *
 * <ul>
 *   <li><code>{3}</code>: {@code +} if bit 3 is set, else {@code -}; <code>{!3}</code> the other way round
 *   <li><code>{4-6}</code>: bits 4 to 6 as a decimal number; <code>{4-6:%04x}</code>: in that format
 *   <li><code>{0-10:+1}</code>: the number plus one
 *   <li><code>{4-6=a|b|*c}</code>: the word for this value, the one with an asterisk for all values without one; in that a
 *       {@code %d} stands for the value
 * </ul>
 *
 * <p>Threads: immutable.
 */
public final class Register {

    private static final Pattern FIELD = Pattern.compile("\\{(!?)(\\d+)(?:-(\\d+))?(?::(\\+1|%[^}]*))?(?:=([^}]*))?}");

    /** Part of the text. */
    @FunctionalInterface
    private interface Part {
        void print(long value, StringBuilder out);
    }

    private final List<Part> parts = new ArrayList<>();

    private Register(String template) {
        Matcher m = FIELD.matcher(template);
        int at = 0;
        while (m.find()) {
            literal(template.substring(at, m.start()));
            parts.add(field(m));
            at = m.end();
        }
        literal(template.substring(at));
    }

    /** @throws IllegalArgumentException if a brace does not belong to a field */
    public static Register of(String template) {
        return new Register(template);
    }

    private void literal(String text) {
        if (text.contains("{") || text.contains("}")) {
            throw new IllegalArgumentException("no field: " + text);
        }
        parts.add((value, out) -> out.append(text));
    }

    private static Part field(Matcher m) {
        int low = Integer.parseInt(m.group(2));
        boolean inverted = !m.group(1).isEmpty();
        if (m.group(3) == null) {
            return (value, out) -> out.append((value >> low & 1) == (inverted ? 0 : 1) ? '+' : '-');
        }
        long mask = (1L << Integer.parseInt(m.group(3)) - low + 1) - 1;
        String format = m.group(4);
        if (m.group(5) != null) {
            List<String> words = List.of(m.group(5).split("\\|", -1));
            return (value, out) -> out.append(word(words, (int) (value >> low & mask)));
        }
        if (format == null) {
            return (value, out) -> out.append(value >> low & mask);
        }
        return format.equals("+1")
                ? (value, out) -> out.append((value >> low & mask) + 1)
                : (value, out) -> out.append(String.format(format, value >> low & mask));
    }

    private static String word(List<String> words, int value) {
        String last = words.get(words.size() - 1);
        boolean open = last.startsWith("*");
        if (value < words.size() - (open ? 1 : 0)) {
            return words.get(value);
        }
        return open ? last.substring(1).replace("%d", Integer.toString(value)) : "";
    }

    /** The text for a value of the register. */
    public String text(long value) {
        StringBuilder out = new StringBuilder();
        print(value, out);
        return out.toString();
    }

    /** Appends the text for a value of the register. */
    public void print(long value, StringBuilder out) {
        parts.forEach(p -> p.print(value, out));
    }
}
