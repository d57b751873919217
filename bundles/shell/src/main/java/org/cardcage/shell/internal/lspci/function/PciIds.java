package org.cardcage.shell.internal.lspci.function;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of the PCI ID database ({@code pci.ids(5)}), a character for each byte of it. A line without a tab begins a vendor, a class ({@code C}) or the
 * subsystems of a vendor that are the same everywhere ({@code S}); a tab goes one level down.
 *
 * <p>Threads: immutable.
 */
public final class PciIds {

    /** A database without names. */
    public static final PciIds EMPTY = new PciIds(Map.of());

    private enum Kind {
        VENDOR,
        DEVICE,
        SUBSYSTEM,
        GENERIC_SUBSYSTEM,
        CLASS,
        SUBCLASS,
        PROG_IF
    }

    private record Key(Kind kind, int a, int b, int c, int d) {}

    private final Map<Key, String> names;

    private PciIds(Map<Key, String> names) {
        this.names = names;
    }

    /** Reads a database; lines of kinds that have no use here are skipped. */
    public static PciIds parse(Reader text) throws IOException {
        Parser parser = new Parser();
        BufferedReader lines = new BufferedReader(text);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank() && line.charAt(0) != '#') {
                parser.line(line);
            }
        }
        return new PciIds(parser.names);
    }

    /** Name of a vendor. */
    public Optional<String> vendor(int vendor) {
        return find(Kind.VENDOR, vendor, 0, 0, 0);
    }

    /** Name of a device of a vendor. */
    public Optional<String> device(int vendor, int device) {
        return find(Kind.DEVICE, vendor, device, 0, 0);
    }

    /** Name of a subsystem: that of this device, else that of any device, else the device's own if the ids are alike. */
    public Optional<String> subsystem(int vendor, int device, int subvendor, int subdevice) {
        return find(Kind.SUBSYSTEM, vendor, device, subvendor, subdevice)
                .or(() -> find(Kind.GENERIC_SUBSYSTEM, subvendor, subdevice, 0, 0))
                .or(() -> vendor == subvendor && device == subdevice ? device(vendor, device) : Optional.empty());
    }

    /** Name of a base class. */
    public Optional<String> baseClass(int base) {
        return find(Kind.CLASS, base, 0, 0, 0);
    }

    /** Name of a class with its subclass. */
    public Optional<String> subclass(int base, int sub) {
        return find(Kind.SUBCLASS, base, sub, 0, 0);
    }

    /** Name of a programming interface of a class. */
    public Optional<String> progIf(int base, int sub, int progIf) {
        return find(Kind.PROG_IF, base, sub, progIf, 0);
    }

    private Optional<String> find(Kind kind, int a, int b, int c, int d) {
        return Optional.ofNullable(names.get(new Key(kind, a, b, c, d)));
    }

    /** Remembers the headings that a line belongs to. */
    private static final class Parser {

        private static final Pattern TOP = Pattern.compile("(?:([CS]) )?([0-9a-fA-F]{2,4})(?:\\s+(.*))?");
        private static final Pattern CHILD = Pattern.compile("\t([0-9a-fA-F]{2,4})\\s+(.*)");
        private static final Pattern PROG_IF = Pattern.compile("\t\t([0-9a-fA-F]{2})\\s+(.*)");
        private static final Pattern GRANDCHILD = Pattern.compile("\t\t([0-9a-fA-F]{4}) ([0-9a-fA-F]{4})\\s+(.*)");

        private final Map<Key, String> names = new HashMap<>();
        private String section = "other";
        private int parent;
        private int child;

        void line(String line) {
            Matcher m = GRANDCHILD.matcher(line);
            if (m.matches()) {
                if (section.isEmpty()) {
                    add(Kind.SUBSYSTEM, parent, child, hex(m.group(1)), hex(m.group(2)), m.group(3));
                }
                return;
            }
            m = PROG_IF.matcher(line);
            if (m.matches()) {
                if (section.equals("C")) {
                    add(Kind.PROG_IF, parent, child, hex(m.group(1)), 0, m.group(2));
                }
                return;
            }
            m = CHILD.matcher(line);
            if (m.matches()) {
                child(hex(m.group(1)), m.group(2));
                return;
            }
            if (line.charAt(0) != '\t') {
                top(TOP.matcher(line));
            }
        }

        private void top(Matcher m) {
            section = m.matches() ? (m.group(1) == null ? "" : m.group(1)) : "other";
            if (section.equals("other")) {
                return;
            }
            parent = hex(m.group(2));
            if (m.group(3) != null && !section.equals("S")) {
                add(section.isEmpty() ? Kind.VENDOR : Kind.CLASS, parent, 0, 0, 0, m.group(3));
            }
        }

        private void child(int id, String name) {
            child = id;
            switch (section) {
                case "" -> add(Kind.DEVICE, parent, id, 0, 0, name);
                case "C" -> add(Kind.SUBCLASS, parent, id, 0, 0, name);
                case "S" -> add(Kind.GENERIC_SUBSYSTEM, parent, id, 0, 0, name);
                default -> {
                    return;
                }
            }
        }

        private void add(Kind kind, int a, int b, int c, int d, String name) {
            names.putIfAbsent(new Key(kind, a, b, c, d), name.strip());
        }

        private static int hex(String digits) {
            return Integer.parseInt(digits, 16);
        }
    }
}
