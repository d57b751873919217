package org.cardcage.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@code lspci -x}, {@code -xxx} or {@code -xxxx} has printed, with or without {@code -v}. For each function
 * there is a line that begins with its address and rows of bytes; lines that begin with a blank are the text of {@code -v},
 * of which the sizes of BARs are used; lines that begin with {@code #} are remarks, those with {@code lspci:} or {@code
 * pcilib:} what it has printed on standard error. Any other line is refused.
 */
final class LspciDump {
    private static final Pattern FUNCTION = Pattern.compile(
            "(?:([0-9a-fA-F]{4,8}):)?([0-9a-fA-F]{2}):([01][0-9a-fA-F])\\.([0-7])(?: .*)?", Pattern.DOTALL);

    /** Of {@code -vv} with the index of the BAR in front. */
    private static final Pattern REGION =
            Pattern.compile("\\s+(?:Region [0-5]: )?(?:\\[virtual\\] )?(Memory|I/O ports|Expansion ROM) at ([0-9a-f]+) "
                    + ".*\\[size=([0-9]+)([KMGT]?)\\].*");

    private static final int KIB_SHIFT = 10;
    private static final int LONGEST_QUOTE = 60;

    private final String file;
    private final Map<String, DumpedFunction> functions = new HashMap<>();
    private final List<DumpedFunction> order = new ArrayList<>();
    private DumpedFunction current;
    private int line;

    private LspciDump(String file) {
        this.file = file;
    }

    /** @throws StartException naming file, line and reason */
    static List<DumpedFunction> read(Path file) throws StartException {
        try {
            // device names may be in any encoding; all that counts is ASCII
            return parse(file.toString(), Files.readAllLines(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new StartException("dump " + file + " cannot be read: " + Reason.of(e), e);
        }
    }

    static List<DumpedFunction> parse(String file, List<String> lines) throws StartException {
        return new LspciDump(file).parse(lines);
    }

    private List<DumpedFunction> parse(List<String> lines) throws StartException {
        for (String text : lines) {
            line++;
            read(text);
        }
        if (order.isEmpty()) {
            throw new StartException(file + ": no function in this dump; make it with lspci -xxxx");
        }
        for (DumpedFunction function : order) {
            if (!function.hasHeader()) {
                line = function.line;
                throw refused(
                        function + " lacks bytes of its configuration space; make the dump with lspci -xxxx as root");
            }
        }
        return order;
    }

    private void read(String text) throws StartException {
        if (text.isBlank()) {
            current = null;
            return;
        }
        if (text.startsWith("#") || text.startsWith("pcilib: ") || text.startsWith("lspci: ")) {
            return;
        }
        HexRow row = current == null ? null : HexRow.parse(text);
        if (row != null) {
            readRow(row);
            return;
        }
        if (current != null && Character.isWhitespace(text.charAt(0))) {
            readDetail(text);
            return;
        }
        Matcher m = FUNCTION.matcher(text);
        if (m.matches()) {
            begin(m);
        } else if (current == null) {
            throw refused(quoted(text) + " does not begin with the address of a function, as in 00:1f.3");
        } else {
            throw refused(quoted(text) + " is neither a function, as in 00:1f.3, nor a row of bytes, as in 10: 00 ff");
        }
    }

    private void begin(Matcher m) throws StartException {
        current = new DumpedFunction(
                line,
                m.group(1) == null ? 0 : Integer.parseUnsignedInt(m.group(1), 16),
                Integer.parseInt(m.group(2), 16),
                Integer.parseInt(m.group(3), 16),
                Integer.parseInt(m.group(4), 16));
        DumpedFunction other = functions.putIfAbsent(current.toString(), current);
        if (other != null) {
            throw refused(current + " is there already, in line " + other.line);
        }
        order.add(current);
    }

    private void readRow(HexRow row) throws StartException {
        if (row.end() > DumpedFunction.EXTENDED) {
            throw refused("the row goes beyond the 4096 bytes of configuration space");
        }
        for (int i = 0; i < row.bytes().length; i++) {
            if (!current.put(row.offset() + i, row.bytes()[i])) {
                throw refused(String.format("%s has a byte at 0x%02x already", current, row.offset() + i));
            }
        }
    }

    private void readDetail(String text) {
        if (!text.contains("[size=")) {
            return;
        }
        Matcher m = REGION.matcher(text);
        if (m.matches()) {
            region(m.group(1), m.group(2), m.group(3), m.group(4));
        }
    }

    private void region(String what, String address, String size, String unit) {
        if (address.length() > 16 || size.length() > 9) {
            return; // the size is guessed then
        }
        DumpedFunction.Kind kind =
                switch (what) {
                    case "Memory" -> DumpedFunction.Kind.MEMORY;
                    case "I/O ports" -> DumpedFunction.Kind.PORTS;
                    default -> DumpedFunction.Kind.ROM;
                };
        int shift = KIB_SHIFT * " KMGT".indexOf(unit.isEmpty() ? " " : unit);
        current.regions.add(
                new DumpedFunction.Region(kind, Long.parseUnsignedLong(address, 16), Long.parseLong(size) << shift));
    }

    /** As a terminal can bear it. */
    private static String quoted(String text) {
        String start = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
        return '"' + start.replaceAll("[^\\x20-\\x7e…]", "?") + '"';
    }

    private StartException refused(String why) {
        return new StartException(file + ":" + line + ": " + why);
    }
}
