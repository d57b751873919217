package org.cardcage.shell.internal.lspci.capability;

import java.util.ArrayList;
import java.util.List;

/** Root Complex Link Declaration and Event Collector Endpoint Association (PCI Express 5.0 sections 7.9.8 and 7.9.10). */
final class RootComplex {

    private static final Register ELEMENT = Register.of(
            "\t\tDesc:\tPortNumber={24-31:%02x} ComponentID={16-23:%02x} EltType={0-7=Config|Egress|Internal|*??%d}\n");
    private static final Register LINK = Register.of("Desc:\tTargetPort={24-31:%02x} TargetComponent={16-23:%02x}"
            + " AssocRCRB{2} LinkType={1-1=MemMapped|Config} LinkValid{0}\n");
    private static final int LINK_TO_CONFIG = 2;

    private RootComplex() {}

    static void link(Capability c) {
        c.print("Root Complex Link\n");
        if (!c.isDetailed(4, 12)) {
            return;
        }
        c.print32(ELEMENT, 4);
        int links = c.u8(5);
        for (int i = 0; i < links; i++) {
            int at = 0x10 + 16 * i;
            c.print("\t\tLink%d:\t", i);
            if (!c.has(at, 16)) {
                c.print("<unreadable>\n");
                return;
            }
            long description = c.u32(at);
            c.print(LINK, description);
            if ((description & LINK_TO_CONFIG) != 0) {
                long low = c.u32(at + 8);
                int bits = (low & 7) == 0 ? 8 : (int) low & 7;
                c.print("\t\t\tAddr:\t%02x:%02x.%d", low >> 20 & (1 << bits) - 1, low >> 15 & 0x1f, low >> 12 & 7);
                c.print("  CfgSpace=%08x%08x\n", c.u32(at + 12), low);
            } else {
                c.print("\t\t\tAddr:\t%08x%08x\n", c.u32(at + 12), c.u32(at + 8));
            }
        }
    }

    static void eventCollector(Capability c) {
        c.print("Root Complex Event Collector Endpoint Association\n");
        if (!c.isDetailed(0, 12)) {
            return;
        }
        c.print("\t\tRCiEPBitmap: %s\n", bitmap(c));
        if ((c.u16(2) & 0xf) < 2) {
            return;
        }
        int next = c.u8(9);
        int last = c.u8(10);
        if (next == 0xff && last == 0) {
            c.print("\t\tAssociatedBusNumbers: %s\n", c.isThorough() ? "ff-00 [none]" : "[none]");
        } else {
            c.print("\t\tAssociatedBusNumbers: %02x-%02x\n", next, last);
        }
    }

    private static String bitmap(Capability c) {
        long devices = c.u32(4);
        if (devices == 0) {
            return c.isThorough() ? "00000000 [none]" : "[none]";
        }
        // a range that reaches device 31 is not closed by pciutils
        List<String> ranges = new ArrayList<>();
        for (int i = 0; i < Integer.SIZE; i++) {
            int first = i;
            while (i < Integer.SIZE && (devices >> i & 1) != 0) {
                i++;
            }
            if (i > first) {
                ranges.add(" " + first + (i - 1 > first && i < Integer.SIZE ? "-" + (i - 1) : ""));
            }
        }
        return "RCiEP at Device(s):" + String.join(",", ranges);
    }
}
