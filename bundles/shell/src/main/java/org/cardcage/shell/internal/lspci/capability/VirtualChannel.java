package org.cardcage.shell.internal.lspci.capability;

/** Virtual Channel (PCI Express 5.0 section 7.9.1). */
final class VirtualChannel {

    private static final String PORT_SELECT = "Fixed|WRR32|WRR64|WRR128|??4|??5|??6|??7";
    private static final String VC_SELECT = "Fixed|WRR32|WRR64|WRR128|TWRR128|WRR256|??6|??7";
    private static final Register CAPABILITY =
            Register.of("\t\tCaps:\tLPEVC={4-6} RefClk={8-9=100ns|*??%d} PATEntryBits={10-11=1|2|4|8}\n\t\tArb:");
    private static final Register CONTROL = Register.of("\n\t\tCtrl:\tArbSelect={1-3=" + PORT_SELECT + "}\n");
    private static final Register STATUS = Register.of("\t\tStatus:\tInProgress{0}\n");
    private static final Register RESOURCE_CAPABILITY =
            Register.of("Caps:\tPATOffset={24-31:%02x} MaxTimeSlots={16-22:+1} RejSnoopTrans{15}\n\t\t\tArb:");
    private static final Register RESOURCE_CONTROL =
            Register.of("\n\t\t\tCtrl:\tEnable{31} ID={24-26} ArbSelect={17-19=" + VC_SELECT + "} TC/VC={0-7:%02x}\n");
    private static final Register RESOURCE_STATUS = Register.of("\t\t\tStatus:\tNegoPending{1} InProgress{0}\n");

    private VirtualChannel() {}

    static void print(Capability c) {
        c.print("Virtual Channel\n");
        if (!c.isDetailed(4, 0x18)) {
            return;
        }
        c.print32(CAPABILITY, 4);
        arbitration(c, PORT_SELECT, c.u32(8));
        c.print16(CONTROL, 0x0c);
        c.print16(STATUS, 0x0e);
        int table = c.u8(0x0b);
        if (table != 0) {
            c.print("\t\tPort Arbitration Table [%x] <?>\n", c.start() + 16 * table);
        }
        int extended = c.u8(4) & 7;
        for (int i = 0; i <= extended; i++) {
            c.print("\t\tVC%d:\t", i);
            if (c.has(0x10 + 12 * i, 12)) {
                resource(c, 0x10 + 12 * i);
            } else {
                c.print("<unreadable>\n");
            }
        }
    }

    private static void resource(Capability c, int at) {
        c.print32(RESOURCE_CAPABILITY, at);
        arbitration(c, VC_SELECT, c.u32(at));
        c.print32(RESOURCE_CONTROL, at + 4);
        c.print16(RESOURCE_STATUS, at + 10);
        if (c.u8(at + 3) != 0) {
            c.print("\t\t\tPort Arbitration Table <?>\n");
        }
    }

    /** Ways of arbitration without a name are shown only if they are there. */
    private static void arbitration(Capability c, String names, long register) {
        String[] all = names.split("\\|");
        for (int i = 0; i < all.length; i++) {
            boolean there = (register >> i & 1) != 0;
            if (there || !all[i].startsWith("?")) {
                c.print((i == 0 ? "\t" : " ") + all[i] + (there ? "+" : "-"));
            }
        }
    }
}
