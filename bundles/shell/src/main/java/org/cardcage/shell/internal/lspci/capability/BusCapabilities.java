package org.cardcage.shell.internal.lspci.capability;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cardcage.shell.internal.lspci.capability.Capabilities.Printer;

/** Capabilities of other buses: AGP 3.0 and PCI-X 2.0. */
final class BusCapabilities {

    private static final Register AGP_STATUS = Register.of("\t\tStatus: RQ={24-31:+1} Iso{16} ArqSz={13-15}"
            + " Cal={10-12} SBA{9} ITACoh{8} GART64{7} HTrans{6} 64bit{5} FW{4} AGP3{3} Rate=");
    private static final Register AGP_COMMAND = Register.of(
            "\t\tCommand: RQ={24-31:+1} ArqSz={13-15} Cal={10-12} SBA{9} AGP{8} GART64{7} 64bit{5} FW{4} Rate=");
    private static final int AGP_STATUS_AGP3 = 0x08;

    private static final String SPLITS = "1|2|3|4|8|12|16|32";
    private static final String BYTE_COUNTS = "512|1024|2048|4096";
    private static final Register PCIX_COMMAND =
            Register.of("\t\tCommand: DPERE{0} ERO{1} RBC={2-3=" + BYTE_COUNTS + "} OST={4-6=" + SPLITS + "}\n");
    private static final Register PCIX_STATUS =
            Register.of("\t\tStatus: Dev={8-15:%02x}:{3-7:%02x}.{0-2} 64bit{16} 133MHz{17} SCD{18} USC{19}"
                    + " DC={20-20=simple|bridge} DMMRBC={21-22=" + BYTE_COUNTS + "} DMOST={23-25=" + SPLITS + "}"
                    + " DMCRS={26-28=8|16|32|64|128|256|512|1024} RSCEM{29} 266MHz{30} 533MHz{31}\n");
    private static final Register PCIX_SECONDARY =
            Register.of("\t\tSecondary Status: 64bit{0} 133MHz{1} SCD{2} USC{3} SCO{4} SRD{5}"
                    + " Freq={6-8=conv|66MHz|100MHz|133MHz|?4|?5|?6|?7}\n");
    private static final Register PCIX_BRIDGE_STATUS = Register.of(
            "\t\tStatus: Dev={8-15:%02x}:{3-7:%02x}.{0-2} 64bit{16} 133MHz{17} SCD{18} USC{19} SCO{20} SRD{21}\n");
    private static final Register PCIX_SPLIT = Register.of(": Capacity={0-15} CommitmentLimit={16-31}\n");

    private BusCapabilities() {}

    static void addTo(Map<Integer, Printer> all) {
        all.put(0x02, BusCapabilities::agp);
        all.put(0x07, BusCapabilities::pcix);
    }

    private static void agp(Capability c) {
        int major = c.u16(2) >> 4 & 0xf;
        c.print("AGP version %x.%x\n", major, c.u16(2) & 0xf);
        if (!c.isDetailed(4, 8)) {
            return;
        }
        boolean agp3 = major >= 3 && (c.u32(4) & AGP_STATUS_AGP3) != 0;
        c.print32(AGP_STATUS, 4);
        c.print(rates(c.u32(4), agp3) + "\n");
        c.print32(AGP_COMMAND, 8);
        c.print(rates(c.u32(8), agp3) + "\n");
    }

    private static String rates(long register, boolean agp3) {
        List<String> rates = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            if ((register >> i & 1) != 0) {
                rates.add("x" + (1 << i + (agp3 ? 2 : 0)));
            }
        }
        return rates.isEmpty() ? "<none>" : String.join(",", rates);
    }

    private static void pcix(Capability c) {
        switch (c.config().headerType()) {
            case 0 -> pcixDevice(c);
            case 1 -> pcixBridge(c);
            default -> {
                return;
            }
        }
    }

    private static void pcixDevice(Capability c) {
        c.print("PCI-X non-bridge device\n");
        if (c.isDetailed(4, 4)) {
            c.print16(PCIX_COMMAND, 2);
            c.print32(PCIX_STATUS, 4);
        }
    }

    private static void pcixBridge(Capability c) {
        c.print("PCI-X bridge device\n");
        if (c.isDetailed(4, 12)) {
            c.print16(PCIX_SECONDARY, 2);
            c.print32(PCIX_BRIDGE_STATUS, 4);
            c.print("\t\tUpstream");
            c.print32(PCIX_SPLIT, 8);
            c.print("\t\tDownstream");
            c.print32(PCIX_SPLIT, 12);
        }
    }
}
