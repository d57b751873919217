package org.cardcage.shell.internal.lspci.function;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.cardcage.shell.internal.lspci.function.PciIds.Key;
import org.cardcage.shell.internal.lspci.function.PciIds.Kind;

/**
 * Reads the lines of a PCI ID database, as strict as pciutils: what it does not understand ends it.
 *
 * <p>Threads: one.
 */
final class PciIdsParser {

    private static final int MAX_LINE = 1022;
    private static final String PARSE_ERROR = "Parse error";

    /** What a block of lines is about. */
    private enum Block {
        NONE,
        VENDOR,
        SUBSYSTEMS,
        CLASS,
        UNKNOWN
    }

    /** The line is wrong; the message is pciutils'. */
    private static final class BadLineException extends Exception {

        private static final long serialVersionUID = 1;

        BadLineException(String message) {
            super(message);
        }
    }

    private final Map<Key, String> names = new HashMap<>();
    private Block block = Block.NONE;
    private int parent;
    private int child;
    private boolean hasChild;

    /** What has been read. */
    Map<Key, String> names() {
        return names;
    }

    /** Reads a whole database; what is wrong with it, and in which line, if something is. */
    Optional<String> parse(String text) {
        int number = 0;
        for (int at = 0; at < text.length(); ) {
            number++;
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            try {
                if (end - at > MAX_LINE) {
                    throw new BadLineException("Line too long");
                }
                line(text.substring(at, end));
            } catch (BadLineException e) {
                return Optional.of(e.getMessage() + " line " + number);
            }
            at = end + 1;
        }
        return Optional.empty();
    }

    private void line(String raw) throws BadLineException {
        int end = raw.indexOf('\r') < 0 ? raw.length() : raw.indexOf('\r');
        if (end > 0 && isBlank(raw, end - 1)) {
            end--;
        }
        String line = raw.substring(0, end);
        int first = skipBlanks(line, 0);
        if (first == line.length() || line.charAt(first) == '#') {
            return;
        }
        int nest = 0;
        while (line.charAt(nest) == '\t') {
            nest++;
        }
        if (nest == 0) {
            top(line);
        } else if (block != Block.UNKNOWN) {
            switch (nest) {
                case 1 -> child(line);
                case 2 -> grandchild(line);
                default -> throw new BadLineException(PARSE_ERROR);
            }
        }
    }

    private void top(String line) throws BadLineException {
        hasChild = false;
        if (line.startsWith("C ")) {
            parent = number(line, 2, 2);
            block = Block.CLASS;
            add(Kind.CLASS, 0, 0, 0, name(line, 4));
        } else if (line.startsWith("S ")) {
            parent = number(line, 2, 4);
            if (line.length() > 6) {
                throw new BadLineException(PARSE_ERROR);
            }
            if (!names.containsKey(new Key(Kind.VENDOR, parent, 0, 0, 0))) {
                throw new BadLineException("Vendor does not exist");
            }
            block = Block.SUBSYSTEMS;
        } else if (line.length() > 1 && line.charAt(0) >= 'A' && line.charAt(0) <= 'Z' && line.charAt(1) == ' ') {
            block = Block.UNKNOWN;
        } else {
            parent = number(line, 0, 4);
            block = Block.VENDOR;
            add(Kind.VENDOR, 0, 0, 0, name(line, 4));
        }
    }

    private void child(String line) throws BadLineException {
        int digits = block == Block.CLASS ? 2 : 4;
        if (block == Block.NONE) {
            throw new BadLineException(PARSE_ERROR);
        }
        child = number(line, 1, digits);
        hasChild = true;
        Kind kind =
                switch (block) {
                    case CLASS -> Kind.SUBCLASS;
                    case SUBSYSTEMS -> Kind.GENERIC_SUBSYSTEM;
                    default -> Kind.DEVICE;
                };
        add(kind, child, 0, 0, name(line, 1 + digits));
    }

    private void grandchild(String line) throws BadLineException {
        // the first child of a block must have come; that of the subsystems of a vendor has no children
        if (!hasChild && block != Block.CLASS || block == Block.NONE || block == Block.SUBSYSTEMS) {
            throw new BadLineException(PARSE_ERROR);
        }
        if (block == Block.CLASS) {
            add(Kind.PROG_IF, hasChild ? child : 0, number(line, 2, 2), 0, name(line, 4));
        } else {
            int vendor = number(line, 2, 4);
            if (!isBlank(line, 6)) {
                throw new BadLineException(PARSE_ERROR);
            }
            add(Kind.SUBSYSTEM, child, vendor, number(line, 7, 4), name(line, 11));
        }
    }

    private void add(Kind kind, int b, int c, int d, String name) throws BadLineException {
        if (names.putIfAbsent(new Key(kind, parent, b, c, d), name) != null) {
            throw new BadLineException("Duplicate entry");
        }
    }

    /** The name behind a number, after at least one blank. */
    private static String name(String line, int at) throws BadLineException {
        int start = skipBlanks(line, at);
        if (start == at || start == line.length()) {
            throw new BadLineException(PARSE_ERROR);
        }
        return line.substring(start);
    }

    private static int skipBlanks(String line, int at) {
        int i = at;
        while (i < line.length() && isBlank(line, i)) {
            i++;
        }
        return i;
    }

    private static boolean isBlank(String line, int at) {
        return at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t');
    }

    private static int number(String line, int at, int digits) throws BadLineException {
        int value = 0;
        for (int i = at; i < at + digits; i++) {
            char c = i < line.length() ? line.charAt(i) : 0;
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw new BadLineException(PARSE_ERROR);
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
