package org.cardcage.shell.internal.lspci.function;

import java.io.IOException;
import java.io.Reader;
import java.util.Map;
import java.util.Optional;

/**
 * The names of the PCI ID database ({@code pci.ids(5)}), a character for each byte of it. A line without a tab begins a vendor, a class ({@code C}) or the
 * subsystems of a vendor that are the same everywhere ({@code S}); a tab goes one level down.
 *
 * <p>All questions throw an {@link IllegalArgumentException} with pciutils' words if the database is damaged.
 *
 * <p>Threads: immutable.
 */
public final class PciIds {

    /** A database without names. */
    public static final PciIds EMPTY = new PciIds(Map.of(), Optional.empty());

    private static final int BUFFER = 1 << 16;

    /** What an entry names. */
    enum Kind {
        VENDOR,
        DEVICE,
        SUBSYSTEM,
        GENERIC_SUBSYSTEM,
        CLASS,
        SUBCLASS,
        PROG_IF
    }

    /** An entry by up to four numbers, 0 for those that it does not need. */
    record Key(Kind kind, int a, int b, int c, int d) {}

    private final Map<Key, String> names;
    private final Optional<String> fault;

    private PciIds(Map<Key, String> names, Optional<String> fault) {
        this.names = names;
        this.fault = fault;
    }

    /** A database that fails with these words when it is asked. */
    public static PciIds damaged(String fault) {
        return new PciIds(Map.of(), Optional.of(fault));
    }

    /** Reads a database that is no file of its own. */
    public static PciIds parse(Reader text) throws IOException {
        return parse("pci.ids", text);
    }

    /**
     * Reads a database; blocks of kinds that have no use here are skipped. In one that is damaged every question fails.
     *
     * @param file its name, for the message
     */
    public static PciIds parse(String file, Reader text) throws IOException {
        StringBuilder all = new StringBuilder();
        char[] some = new char[BUFFER];
        for (int got = text.read(some); got >= 0; got = text.read(some)) {
            all.append(some, 0, got);
        }
        PciIdsParser parser = new PciIdsParser();
        Optional<String> fault = parser.parse(all.toString());
        return new PciIds(
                Map.copyOf(parser.names()), fault.map(f -> f.replace(" line ", " at " + file + ", line ") + "\n"));
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
        if (fault.isPresent()) {
            throw new IllegalArgumentException(fault.get());
        }
        return Optional.ofNullable(names.get(new Key(kind, a, b, c, d)));
    }
}
