package org.cardcage.shell.internal.lspci.capability;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.cardcage.shell.internal.lspci.function.CapabilityList;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.PciNames;

/** Prints the capabilities of a function in the order of its lists, damaged lists included. */
public final class Capabilities {

    /** Prints a capability from behind its offset to the end of its last line. */
    @FunctionalInterface
    interface Printer {
        void print(Capability c);
    }

    private static final int POINTERS = 0x100;
    private static final int ID_PCIX = 0x07;
    private static final int ID_EXPRESS = 0x10;
    private static final int ID_NONE = 0xff;

    private static final Map<Integer, Printer> PLAIN = plainPrinters();
    private static final Map<Integer, Printer> EXTENDED = extendedPrinters();

    private final PciFunction function;
    private final ConfigBytes config;
    private final int verbosity;
    private final PciNames names;
    private final StringBuilder out;
    private int portType = -1;
    private boolean hasExtended;

    /** @param verbosity how often {@code -v} was given */
    public Capabilities(PciFunction function, int verbosity, PciNames names, StringBuilder out) {
        this.function = function;
        this.config = function.config();
        this.verbosity = verbosity;
        this.names = names;
        this.out = out;
    }

    private static Map<Integer, Printer> plainPrinters() {
        Map<Integer, Printer> all = new HashMap<>();
        PlainCapabilities.addTo(all);
        BusCapabilities.addTo(all);
        all.put(0x08, HyperTransport::print);
        all.put(0x09, VendorSpecific::print);
        all.put(ID_EXPRESS, Express::print);
        all.put(0x14, EnhancedAllocation::print);
        return Map.copyOf(all);
    }

    private static Map<Integer, Printer> extendedPrinters() {
        Map<Integer, Printer> all = new HashMap<>();
        ErrorCapabilities.addTo(all);
        PortCapabilities.addTo(all);
        IommuCapabilities.addTo(all);
        PowerCapabilities.addTo(all);
        all.put(0x02, VirtualChannel::print);
        all.put(0x09, VirtualChannel::print);
        all.put(0x05, RootComplex::link);
        all.put(0x07, RootComplex::eventCollector);
        all.put(0x10, SingleRootIov::print);
        all.put(0x15, c -> ResizableBar.print(c, "Physical"));
        all.put(0x24, c -> ResizableBar.print(c, "Virtual"));
        all.put(0x23, DesignatedVendor::print);
        return Map.copyOf(all);
    }

    /** Prints all of them. */
    public void print() {
        if (CapabilityList.isThere(config)) {
            plain();
        }
        if (hasExtended) {
            extended();
        }
    }

    private void plain() {
        BitSet seen = new BitSet();
        int at = config.u8(CapabilityList.pointer(config.headerType())) & ~3;
        while (at != 0) {
            out.append("\tCapabilities: ");
            if (!config.has(at, 4)) {
                out.append("<access denied>\n");
                return;
            }
            out.append(String.format("[%02x] ", at));
            int id = config.u8(at);
            if (seen.get(at) || id == ID_NONE) {
                out.append(seen.get(at) ? "<chain looped>\n" : "<chain broken>\n");
                return;
            }
            seen.set(at);
            Printer printer = PLAIN.get(id);
            if (printer != null) {
                printer.print(capability(at));
            } else {
                out.append(String.format("Capability ID %s [%04x]\n", prefixed(id), config.u16(at + 2)));
            }
            if (id == ID_EXPRESS) {
                portType = config.u16(at + 2) >> 4 & 0xf;
            }
            hasExtended |= id == ID_EXPRESS || id == ID_PCIX;
            at = config.u8(at + 1) & ~3;
        }
    }

    private void extended() {
        BitSet seen = new BitSet();
        int at = POINTERS;
        do {
            long header = config.has(at, 4) ? config.u32(at) : 0;
            if (header == 0 || header == 0xffffffffL) {
                return;
            }
            out.append(String.format("\tCapabilities: [%03x", at));
            if (verbosity > 1) {
                out.append(" v").append(header >> 16 & 0xf);
            }
            out.append("] ");
            if (seen.get(at)) {
                out.append("<chain looped>\n");
                return;
            }
            seen.set(at);
            int id = (int) header & 0xffff;
            Printer printer = EXTENDED.get(id);
            if (printer != null) {
                printer.print(capability(at));
            } else {
                out.append(String.format("Extended Capability ID %s\n", prefixed(id)));
            }
            at = (int) (header >> 20) & ~3;
        } while (at != 0);
    }

    private Capability capability(int at) {
        return new Capability(function, at, verbosity, names, portType, out);
    }

    /** C's {@code %#02x}: zero has no prefix, but two digits. */
    private static String prefixed(int id) {
        return id == 0 ? "00" : String.format("0x%x", id);
    }
}
