package org.cardcage.shell.internal.lspci.function;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@code lspci -x}, {@code -xxx} or {@code -xxxx} has printed, with the indulgence of pciutils: a line with an
 * address begins a function, lines with an offset hold its bytes, an empty line ends it, and all others say nothing.
 */
public final class DumpReader {

    /** The text is not a dump. The message is that of pciutils, with the number of the line. */
    public static final class BadDumpException extends Exception {

        private static final long serialVersionUID = 1;

        private final int line;

        BadDumpException(int line, String message) {
            super(message);
            this.line = line;
        }

        /** Number of the line, from 1 on. */
        public int line() {
            return line;
        }
    }

    private static final int MAX_LINE = 253;
    private static final int MAX_CONFIG = 4096;
    /** What is between two lines of a dump that leaves out others. */
    private static final byte MISSING = (byte) 0xff;

    private static final Pattern HEAD =
            Pattern.compile("(?:(\\p{XDigit}{4,5}):)?(\\p{XDigit}{2}):(\\p{XDigit}{2})\\.([0-9]) .*", Pattern.DOTALL);
    private static final Pattern DATA = Pattern.compile("(\\p{XDigit}{2,8}): (.*)", Pattern.DOTALL);
    private static final Pattern BYTE = Pattern.compile("\\G(\\p{XDigit}{2})(?: |\\z)");

    private final List<PciFunction> functions = new ArrayList<>();
    private Slot slot;
    private byte[] bytes = new byte[0];
    private int length;

    private DumpReader() {}

    /**
     * The functions of a dump by address, those with the same address as they come.
     *
     * @throws BadDumpException if pciutils would not take it
     */
    public static List<PciFunction> read(String text) throws BadDumpException {
        return readInOrder(text).stream()
                .sorted(Comparator.comparing(PciFunction::slot))
                .toList();
    }

    /**
     * The functions of a dump as they come.
     *
     * @throws BadDumpException if pciutils would not take it
     */
    public static List<PciFunction> readInOrder(String text) throws BadDumpException {
        DumpReader reader = new DumpReader();
        int number = 0;
        for (int at = 0; at < text.length(); ) {
            number++;
            int end = text.indexOf('\n', at);
            if (end < 0 || end - at > MAX_LINE || text.substring(at, end).indexOf('\0') >= 0) {
                throw new BadDumpException(number, "line too long or unterminated");
            }
            String line = text.substring(at, end);
            reader.line(number, line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
            at = end + 1;
        }
        reader.end();
        return List.copyOf(reader.functions);
    }

    private void line(int number, String line) throws BadDumpException {
        Matcher head = HEAD.matcher(line);
        if (head.matches()) {
            end();
            slot = new Slot(hex(head.group(1)), hex(head.group(2)), hex(head.group(3)), hex(head.group(4)));
            bytes = new byte[MAX_CONFIG];
            Arrays.fill(bytes, MISSING);
            length = 0;
        } else if (line.isEmpty()) {
            end();
        } else if (slot != null) {
            Matcher data = DATA.matcher(line);
            if (data.matches()) {
                data(number, hex(data.group(1)), data.group(2));
            }
        }
    }

    private void data(int number, int offset, String text) throws BadDumpException {
        Matcher value = BYTE.matcher(text);
        int at = 0;
        for (int i = offset; value.find(); i++) {
            if (Integer.compareUnsigned(i, MAX_CONFIG) >= 0) {
                throw new BadDumpException(number, "At most 4096 bytes of config space are supported");
            }
            bytes[i] = (byte) hex(value.group(1));
            length = Math.max(length, i + 1);
            at = value.end();
        }
        if (at < text.length()) {
            throw new BadDumpException(number, "Malformed line");
        }
    }

    private void end() {
        if (slot != null) {
            functions.add(PciFunction.ofDump(slot, new ConfigBytes(Arrays.copyOf(bytes, length))));
            slot = null;
        }
    }

    private static int hex(String digits) {
        return digits == null ? 0 : Integer.parseUnsignedInt(digits, 16);
    }
}
