package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The lists of capabilities in a configuration space (PCI 3.0 section 6.7, PCI Express 3.0 section 7.9.1; Linux {@code
 * pci_find_capability} and {@code pci_find_ext_capability}). Whatever the registers say, a search ends. Threads: any.
 */
final class Capabilities {

    /** More than fit into 256 bytes (Linux {@code PCI_FIND_CAP_TTL}). */
    private static final int MAX_CAPABILITIES = 48;

    private static final int FIRST = 0x40;
    private static final int FIRST_EXTENDED = 0x100;
    /** At least eight bytes each. */
    private static final int MAX_EXTENDED = (PciConfig.SIZE - FIRST_EXTENDED) / 8;

    private static final int NO_ID = 0xff;

    private final PciConfig config;

    Capabilities(PciConfig config) {
        this.config = config;
    }

    /** Offset of the first capability with this id. */
    OptionalInt find(int id) {
        return search(head(), id);
    }

    /** Offset of the next capability with this id after the one at {@code offset}. */
    OptionalInt findNext(int offset, int id) {
        return search(config.read(offset + 1, 1), id);
    }

    /** Offset of the pointer's target, 0 if there is no list. */
    private int head() {
        if ((config.read(STATUS, 2) & STATUS_CAP_LIST) == 0) {
            return 0;
        }
        int header = config.read(HEADER_TYPE, 1) & HEADER_TYPE_MASK;
        // CardBus bridges have theirs elsewhere (PC Card 8.0 section 5)
        return config.read(header == HEADER_TYPE_CARDBUS ? 0x14 : CAPABILITY_LIST, 1);
    }

    private OptionalInt search(int from, int id) {
        int offset = from & 0xfc;
        for (int seen = 0; seen < MAX_CAPABILITIES && offset >= FIRST; seen++) {
            int header = config.read(offset, 2);
            if ((header & 0xff) == NO_ID) {
                break;
            }
            if ((header & 0xff) == id) {
                return OptionalInt.of(offset);
            }
            offset = header >> 8 & 0xfc;
        }
        return OptionalInt.empty();
    }

    /** Offset of the first extended capability with this id, 0x100 to 0xffc. */
    OptionalInt findExtended(int id) {
        int offset = FIRST_EXTENDED;
        for (int seen = 0; seen < MAX_EXTENDED && offset >= FIRST_EXTENDED; seen++) {
            int header = config.read(offset, 4);
            if (header == 0 || header == -1) {
                break;
            }
            if ((header & 0xffff) == id) {
                return OptionalInt.of(offset);
            }
            offset = header >>> 20 & 0xffc;
        }
        return OptionalInt.empty();
    }

    /** What is wrong with the lists, for people. */
    Optional<String> fault() {
        BitSet seen = new BitSet();
        int offset = head() & 0xfc;
        while (offset != 0) {
            if (offset < FIRST) {
                return Optional.of(String.format("capability list leads into the header at 0x%02x", offset));
            }
            if (seen.get(offset)) {
                return Optional.of(String.format("capability list loops back to 0x%02x", offset));
            }
            seen.set(offset);
            int header = config.read(offset, 2);
            if ((header & 0xff) == NO_ID) {
                return Optional.of(String.format("capability list ends at 0x%02x, where nothing answers", offset));
            }
            offset = header >> 8 & 0xfc;
        }
        return Optional.empty();
    }

    /** What is wrong with the list of extended capabilities, for people. */
    Optional<String> extendedFault() {
        BitSet seen = new BitSet();
        int offset = FIRST_EXTENDED;
        while (offset >= FIRST_EXTENDED) {
            if (seen.get(offset)) {
                return Optional.of(String.format("extended capability list loops back to 0x%03x", offset));
            }
            seen.set(offset);
            int header = config.read(offset, 4);
            if (header == 0 || header == -1) {
                return Optional.empty();
            }
            offset = header >>> 20 & 0xffc;
        }
        return Optional.empty();
    }

    /**
     * How much configuration space the function has (Linux {@code pci_cfg_space_size}): 4096 bytes of a PCI Express function
     * or a host bridge whose extended space answers, else 256.
     */
    int configSize() {
        boolean host = config.read(CLASS_REVISION, 4) >>> 16 == CLASS_BRIDGE_HOST;
        boolean extended = (host || find(CAP_ID_EXPRESS).isPresent()) && config.read(FIRST_EXTENDED, 4) != -1;
        return extended && !isAliased() ? PciConfig.SIZE : FIRST_EXTENDED;
    }

    /** Whether the bus ignores the upper address bits, so that the header shows up again and again. */
    private boolean isAliased() {
        int ids = config.read(VENDOR_ID, 4);
        for (int offset = FIRST_EXTENDED; offset < PciConfig.SIZE; offset += FIRST_EXTENDED) {
            if (config.read(offset, 4) != ids) {
                return false;
            }
        }
        return true;
    }
}
