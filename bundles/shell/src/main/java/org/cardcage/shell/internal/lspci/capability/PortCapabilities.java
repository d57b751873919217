package org.cardcage.shell.internal.lspci.capability;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cardcage.shell.internal.lspci.capability.Capabilities.Printer;

/** Extended capabilities of ports and links, and those of which pciutils tells no more than the name. */
final class PortCapabilities {

    private static final Map<Integer, String> NAMED = Map.ofEntries(
            Map.entry(0x04, "Power Budgeting <?>"),
            Map.entry(0x06, "Root Complex Internal Link <?>"),
            Map.entry(0x08, "Multi-Function Virtual Channel <?>"),
            Map.entry(0x0a, "Root Complex Register Block <?>"),
            Map.entry(0x11, "Multi-Root I/O Virtualization <?>"),
            Map.entry(0x16, "Dynamic Power Allocation <?>"),
            Map.entry(0x1a, "Protocol Multiplexing <?>"),
            Map.entry(0x1c, "LN Requester <?>"),
            Map.entry(0x20, "PCI Express over M_PHY <?>"),
            Map.entry(0x21, "FRS Queueing <?>"),
            Map.entry(0x22, "Readiness Time Reporting <?>"),
            Map.entry(0x25, "Data Link Feature <?>"),
            Map.entry(0x26, "Physical Layer 16.0 GT/s <?>"),
            Map.entry(0x27, "Lane Margining at the Receiver <?>"),
            Map.entry(0x28, "Hierarchy ID <?>"),
            Map.entry(0x29, "Native PCIe Enclosure Management <?>"));

    private static final Register ARI_CAPABILITY = Register.of("\t\tARICap:\tMFVC{0} ACS{1}, Next Function: {8-15}\n");
    private static final Register ARI_CONTROL = Register.of("\t\tARICtl:\tMFVC{0} ACS{1}, Function Group: {4-6}\n");
    private static final Register SECONDARY_CONTROL =
            Register.of("\t\tLnkCtl3: LnkEquIntrruptEn{1} PerformEqu{0}\n\t\tLaneErrStat: ");
    private static final Register MULTICAST_CAPABILITY = Register.of("\t\tMcastCap: MaxGroups {0-5:+1}");
    private static final Register MULTICAST_CONTROL = Register.of("\t\tMcastCtl: NumGroups {0-5:+1}, Enable{15}\n");
    private static final Register DOE_CAPABILITY = Register.of("\t\tDOECap: IntSup{0}\n");
    private static final Register DOE_MESSAGE = Register.of("\t\t\tInterrupt Message Number {1-11:%03x}\n");
    private static final Register DOE_CONTROL = Register.of("\t\tDOECtl: IntEn{1}\n");
    private static final Register DOE_BUSY = Register.of("\t\tDOESta: Busy{0} IntSta{1} Error");
    private static final Register DOE_READY = Register.of(" ObjectReady{31}\n");

    private PortCapabilities() {}

    static void addTo(Map<Integer, Printer> all) {
        NAMED.forEach((id, name) -> all.put(id, c -> c.print(name + "\n")));
        all.put(0x0e, PortCapabilities::alternativeRouting);
        all.put(0x12, PortCapabilities::multicast);
        all.put(0x19, PortCapabilities::secondaryExpress);
        all.put(0x2e, PortCapabilities::dataObjectExchange);
    }

    private static void alternativeRouting(Capability c) {
        c.print("Alternative Routing-ID Interpretation (ARI)\n");
        if (c.isDetailed(4, 4)) {
            c.print16(ARI_CAPABILITY, 4);
            c.print16(ARI_CONTROL, 6);
        }
    }

    private static void secondaryExpress(Capability c) {
        c.print("Secondary PCI Express\n");
        if (!c.isDetailed(4, 12)) {
            return;
        }
        c.print32(SECONDARY_CONTROL, 4);
        int lanes = c.u16(8);
        if (lanes == 0) {
            c.print("0\n");
            return;
        }
        List<String> bad = new ArrayList<>();
        for (int i = 0; i < Integer.SIZE; i++) {
            if ((lanes >> i & 1) != 0) {
                bad.add(" " + i);
            }
        }
        c.print("LaneErr at lane:%s\n", String.join("", bad));
    }

    private static void multicast(Capability c) {
        c.print("Multicast\n");
        if (!c.isDetailed(4, 0x30)) {
            return;
        }
        int capability = c.u16(4);
        c.print(MULTICAST_CAPABILITY, capability);
        boolean endpoint = c.portType() == 0 || c.portType() == 9;
        boolean port = c.portType() == 4 || c.portType() == 5 || c.portType() == 6;
        if (endpoint) {
            int window = capability >> 8 & 0x3f;
            c.print(", WindowSz %d (%d bytes)", window, 1 << window);
        }
        if (port) {
            c.print(", ECRCRegen%s\n", (capability & 0x8000) != 0 ? "+" : "-");
        }
        c.print16(MULTICAST_CONTROL, 6);
        long address = c.u64(8);
        c.print("\t\tMcastBAR: IndexPos %d, BaseAddr %016x\n", address & 0x3f, address & ~0xfffL);
        c.print("\t\tMcastReceiveVec:      %016x\n", c.u64(0x10));
        c.print("\t\tMcastBlockAllVec:     %016x\n", c.u64(0x18));
        c.print("\t\tMcastBlockUntransVec: %016x\n", c.u64(0x20));
        if (!endpoint) {
            overlay(c, c.u64(0x28));
        }
    }

    private static void overlay(Capability c, long overlay) {
        int size = (int) overlay & 0x3f;
        c.print("\t\tMcastOverlayBAR: OverlaySize %d ", size);
        c.print(size >= 6 ? String.format("(%d bytes)", 1 << size) : "(disabled)");
        c.print(", BaseAddr %016x\n", overlay & ~0x3fL);
    }

    private static void dataObjectExchange(Capability c) {
        c.print("Data Object Exchange\n");
        if (!c.isDetailed()) {
            return;
        }
        if (!c.has(4, 0x14)) {
            c.print("\t\t<unreadable>\n");
            return;
        }
        long capability = c.u32(4);
        c.print(DOE_CAPABILITY, capability);
        if ((capability & 1) != 0) {
            c.print(DOE_MESSAGE, capability);
        }
        c.print32(DOE_CONTROL, 8);
        // pciutils takes busy and interrupt for the error bit
        boolean error = (c.u32(0x0c) & 3) != 0;
        c.print32(DOE_BUSY, 0x0c);
        c.print(error ? "+" : "-");
        c.print32(DOE_READY, 0x0c);
    }
}
