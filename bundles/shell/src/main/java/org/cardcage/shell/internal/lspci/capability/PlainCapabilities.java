package org.cardcage.shell.internal.lspci.capability;

import java.util.Map;
import org.cardcage.shell.internal.lspci.capability.Capabilities.Printer;

/** Capabilities of PCI Local Bus 3.0 and its ECNs: power management, messages, subsystem and other short ones. */
final class PlainCapabilities {

    private static final Register PM_FLAGS = Register.of("\t\tFlags: PMEClk{3} DSI{5} D1{9} D2{10}"
            + " AuxCurrent={6-8=0|55|100|160|220|270|320|375}mA PME(D0{11},D1{12},D2{13},D3hot{14},D3cold{15})\n");
    private static final Register PM_STATUS =
            Register.of("\t\tStatus: D{0-1} NoSoftRst{3} PME-Enable{8} DSel={9-12} DScale={13-14} PME{15}\n");
    private static final Register PM_BRIDGE = Register.of("\t\tBridge: PM{7} B3{!6}\n");

    private static final String POWER_OF_TWO = "1|2|4|8|16|32|64|128";
    private static final Register MSI = Register.of(
            "MSI: Enable{0} Count={4-6=" + POWER_OF_TWO + "}/{1-3=" + POWER_OF_TWO + "} Maskable{8} 64bit{7}\n");
    private static final int MSI_64BIT = 0x80;
    private static final int MSI_MASKABLE = 0x100;

    private static final Register MSIX = Register.of("MSI-X: Enable{15} Count={0-10:+1} Masked{14}\n");

    private static final Register SLOT_ID = Register.of("Slot ID: {0-4} slots, First{5}, chassis {8-15:%02x}\n");
    private static final Register DEBUG_PORT = Register.of("Debug port: BAR={13-15} offset={0-12:%04x}\n");

    private static final Register SATA = Register.of("SATA HBA v{4-7}.{0-3}");
    private static final int SATA_FIRST_BAR = 4;
    private static final int SATA_LAST_BAR = 9;
    private static final int SATA_IN_CONFIG = 15;

    private PlainCapabilities() {}

    static void addTo(Map<Integer, Printer> all) {
        all.put(0x00, c -> c.print("Null\n"));
        all.put(0x01, PlainCapabilities::powerManagement);
        all.put(0x03, PlainCapabilities::vitalProductData);
        all.put(0x04, c -> c.print16(SLOT_ID, 2));
        all.put(0x05, PlainCapabilities::msi);
        all.put(0x06, c -> c.print("CompactPCI hot-swap <?>\n"));
        all.put(0x0a, c -> c.print16(DEBUG_PORT, 2));
        all.put(0x0b, c -> c.print("CompactPCI central resource control <?>\n"));
        all.put(0x0c, c -> c.print("Hot-plug capable\n"));
        all.put(0x0d, PlainCapabilities::subsystem);
        all.put(0x0e, c -> c.print("AGP3 <?>\n"));
        all.put(0x0f, c -> c.print("Secure device <?>\n"));
        all.put(0x11, PlainCapabilities::msix);
        all.put(0x12, PlainCapabilities::sata);
        all.put(0x13, PlainCapabilities::advancedFeatures);
    }

    private static void powerManagement(Capability c) {
        c.print("Power Management version %d\n", c.u16(2) & 7);
        if (!c.isDetailed()) {
            return;
        }
        c.print16(PM_FLAGS, 2);
        if (c.has(4, 4)) {
            c.print16(PM_STATUS, 4);
            if (c.u8(6) != 0) {
                c.print8(PM_BRIDGE, 6);
            }
        }
    }

    /** The data lie behind a mailbox that only a running machine has. */
    private static void vitalProductData(Capability c) {
        c.print("Vital Product Data\n");
        if (c.isDetailed()) {
            c.print("\t\tNot readable\n");
        }
    }

    private static void msi(Capability c) {
        int control = c.u16(2);
        c.print(MSI, control);
        boolean wide = (control & MSI_64BIT) != 0;
        int data = wide ? 0x0c : 0x08;
        if (!c.isDetailed(4, data + 2 - 4)) {
            return;
        }
        c.print("\t\tAddress: ");
        if (wide) {
            c.print("%08x", c.u32(8));
        }
        c.print("%08x  Data: %04x\n", c.u32(4), c.u16(data));
        int mask = data + 4;
        if ((control & MSI_MASKABLE) != 0 && c.has(mask, 8)) {
            c.print("\t\tMasking: %08x  Pending: %08x\n", c.u32(mask), c.u32(mask + 4));
        }
    }

    private static void subsystem(Capability c) {
        if (c.has(0, 8)) {
            c.print("Subsystem: %s\n", c.names().subsystem(c.function().identity(), c.u16(4), c.u16(6)));
        }
    }

    private static void msix(Capability c) {
        c.print16(MSIX, 2);
        if (c.isDetailed(4, 8)) {
            c.print("\t\tVector table: BAR=%d offset=%08x\n", c.u32(4) & 7, c.u32(4) & ~7L);
            c.print("\t\tPBA: BAR=%d offset=%08x\n", c.u32(8) & 7, c.u32(8) & ~7L);
        }
    }

    private static void sata(Capability c) {
        c.print16(SATA, 2);
        if (c.isDetailed(4, 4)) {
            int where = (int) c.u32(4) & 0xf;
            if (where >= SATA_FIRST_BAR && where <= SATA_LAST_BAR) {
                c.print(" BAR%d Offset=%08x", where - SATA_FIRST_BAR, c.u32(4) >> 4 & 0xfffff);
            } else if (where == SATA_IN_CONFIG) {
                c.print(" InCfgSpace");
            } else {
                c.print(" BAR??%d", where);
            }
        }
        c.print("\n");
    }

    private static void advancedFeatures(Capability c) {
        c.print("PCI Advanced Features\n");
        if (c.isDetailed(3, 3)) {
            c.print8(Register.of("\t\tAFCap: TP{0} FLR{1}\n"), 3);
            c.print8(Register.of("\t\tAFCtrl: FLR{0}\n"), 4);
            c.print8(Register.of("\t\tAFStatus: TP{0}\n"), 5);
        }
    }
}
