package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.pci.PciResource;
import org.slf4j.Logger;

/**
 * The ports of an IDE controller that works like that of the first PCs: they are the same everywhere, and its base address
 * registers do not tell them (PCI IDE Controller Specification 1.0 section 2.1; Linux {@code pci_setup_device}).
 */
final class LegacyIde {

    private static final int CLASS_STORAGE_IDE = 0x0101;
    /** Bits of the programming interface: whether the base address registers of a channel tell its ports. */
    private static final int PRIMARY_NATIVE = 1;

    private static final int SECONDARY_NATIVE = 4;

    private static final int COMMAND_BLOCK = 8;

    private LegacyIde() {}

    /**
     * What the function decodes, with these ports.
     *
     * @param registers what its registers tell
     * @param log told of each that is added
     */
    static List<PciResource> with(FunctionHeader header, List<PciResource> registers, Logger log) {
        List<PciResource> all = new ArrayList<>(registers);
        if (header.type() == PciRegisters.HEADER_TYPE_NORMAL && header.classCode() >> 8 == CLASS_STORAGE_IDE) {
            if ((header.classCode() & PRIMARY_NATIVE) == 0) {
                replace(all, 0, 0x1f0, COMMAND_BLOCK, log);
                replace(all, 1, 0x3f6, 1, log);
            }
            if ((header.classCode() & SECONDARY_NATIVE) == 0) {
                replace(all, 2, 0x170, COMMAND_BLOCK, log);
                replace(all, 3, 0x376, 1, log);
            }
        }
        return all;
    }

    private static void replace(List<PciResource> all, int bar, int port, int length, Logger log) {
        all.removeIf(r -> r.bar() == bar);
        int at = (int) all.stream().filter(r -> r.bar() < bar).count();
        PciResource fixed = new PciResource(bar, port, length, true, false, false);
        all.add(at, fixed);
        log.info("legacy IDE quirk: reg 0x{}: {}", Integer.toHexString(PciRegisters.BASE_ADDRESS_0 + 4 * bar), fixed);
    }
}
