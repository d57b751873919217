package org.cardcage.shell.internal.lspci.capability;

import java.util.Map;
import org.cardcage.shell.internal.lspci.capability.Capabilities.Printer;

/** Extended capabilities about latencies and time (PCI Express 5.0 sections 7.8.2, 7.8.3, 7.9.16). */
final class PowerCapabilities {

    private static final Register L1_CAPABILITY =
            Register.of("\t\tL1SubCap: PCI-PM_L1.2{0} PCI-PM_L1.1{1} ASPM_L1.2{2} ASPM_L1.1{3} L1_PM_Substates{4}\n");
    private static final Register L1_CONTROL =
            Register.of("\t\tL1SubCtl1: PCI-PM_L1.2{0} PCI-PM_L1.1{1} ASPM_L1.2{2} ASPM_L1.1{3}\n");
    private static final int L1_2 = 0x5;
    private static final int[] L1_SCALES = {2, 10, 100};
    private static final int LTR_MAX_SCALE = 5;

    private static final Register PTM_CAPABILITY =
            Register.of("\t\tPTMCap: Requester:{0} Responder:{1} Root:{2}\n\t\tPTMClockGranularity: ");
    private static final Register PTM_CONTROL =
            Register.of("\t\tPTMControl: Enabled:{0} RootSelected:{1}\n\t\tPTMEffectiveGranularity: ");

    private PowerCapabilities() {}

    static void addTo(Map<Integer, Printer> all) {
        all.put(0x18, PowerCapabilities::latencyTolerance);
        all.put(0x1e, PowerCapabilities::l1Substates);
        all.put(0x1f, PowerCapabilities::precisionTime);
    }

    private static void latencyTolerance(Capability c) {
        c.print("Latency Tolerance Reporting\n");
        if (c.isDetailed(4, 4)) {
            c.print("\t\tMax snoop latency: %dns\n", nanos(c.u16(4)));
            c.print("\t\tMax no snoop latency: %dns\n", nanos(c.u16(6)));
        }
    }

    /** A latency: 10 bits, and the power of 32 to multiply with. */
    private static long nanos(int register) {
        return (register & 0x3ffL) * (1 << 5 * (register >> 10 & 7));
    }

    private static void l1Substates(Capability c) {
        c.print("L1 PM Substates\n");
        if (!c.isDetailed()) {
            return;
        }
        if (!c.has(4, 12)) {
            c.print("\t\t<unreadable>\n");
            return;
        }
        long capability = c.u32(4);
        c.print(L1_CAPABILITY, capability);
        if ((capability & L1_2) != 0) {
            c.print("\t\t\t  PortCommonModeRestoreTime=%dus ", capability >> 8 & 0xff);
            c.print("PortTPowerOnTime=%s\n", powerOn(capability >> 19 & 0x1f, (int) capability >> 16 & 3));
        }
        long control = c.u32(8);
        c.print(L1_CONTROL, control);
        if ((capability & L1_2) != 0) {
            c.print("\t\t\t   T_CommonMode=%dus", control >> 8 & 0xff);
            if ((capability & 4) != 0) {
                int scale = (int) (control >> 29) & 7;
                c.print(
                        " LTR1.2_Threshold=%s",
                        scale > LTR_MAX_SCALE ? "<error>" : ((control >> 16 & 0x3ff) << 5 * scale) + "ns");
            }
            c.print("\n");
        }
        long control2 = c.u32(12);
        c.print("\t\tL1SubCtl2:");
        if ((capability & L1_2) != 0) {
            c.print(" T_PwrOn=%s", powerOn(control2 >> 3 & 0x1f, (int) control2 & 3));
        }
        c.print("\n");
    }

    private static String powerOn(long value, int scale) {
        return scale < L1_SCALES.length ? value * L1_SCALES[scale] + "us" : "<error>";
    }

    private static void precisionTime(Capability c) {
        c.print("Precision Time Measurement\n");
        if (!c.isDetailed()) {
            return;
        }
        if (!c.has(4, 8)) {
            c.print("\t\t<unreadable>\n");
            return;
        }
        c.print32(PTM_CAPABILITY, 4);
        c.print(granularity(c.u8(5), "Unimplemented"));
        c.print32(PTM_CONTROL, 8);
        c.print(granularity(c.u8(9), "Unknown"));
    }

    private static String granularity(int nanos, String none) {
        return switch (nanos) {
            case 0 -> none + "\n";
            case 0xff -> "Greater than 254ns\n";
            default -> nanos + "ns\n";
        };
    }
}
