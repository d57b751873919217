package org.cardcage.shell.internal.lspci.capability;

/** Single Root I/O Virtualization (PCI Express 5.0 section 9.3.3). */
final class SingleRootIov {

    private static final int BARS = 6;
    private static final int FIRST_BAR = 0x24;
    private static final Register CAPABILITY =
            Register.of("\t\tIOVCap:\tMigration{0} 10BitTagReq{2} Interrupt Message Number: {21-31:%03x}\n");
    private static final Register CONTROL =
            Register.of("\t\tIOVCtl:\tEnable{0} Migration{1} Interrupt{2} MSE{3} ARIHierarchy{4} 10BitTagReq{5}\n");
    private static final Register STATUS = Register.of("\t\tIOVSta:\tMigration{0}\n");
    private static final Register BAR = Register.of(" ({1-2=32|64|64|64}-bit, {3-3=non-|}prefetchable)\n");

    private SingleRootIov() {}

    static void print(Capability c) {
        c.print("Single Root I/O Virtualization (SR-IOV)\n");
        if (!c.isDetailed(4, 0x3c)) {
            return;
        }
        c.print32(CAPABILITY, 0x04);
        c.print16(CONTROL, 0x08);
        c.print16(STATUS, 0x0a);
        c.print("\t\tInitial VFs: %d, Total VFs: %d, Number of VFs: %d, ", c.u16(0x0c), c.u16(0x0e), c.u16(0x10));
        c.print("Function Dependency Link: %02x\n", c.u8(0x12));
        c.print("\t\tVF offset: %d, stride: %d, Device ID: %04x\n", c.u16(0x14), c.u16(0x16), c.u16(0x1a));
        c.print("\t\tSupported Page Size: %08x, System Page Size: %08x\n", c.u32(0x1c), c.u32(0x20));
        for (int i = 0; i < BARS; i++) {
            i += bar(c, i);
        }
        c.print("\t\tVF Migration: offset: %08x, BIR: %x\n", c.u32(0x3c) & ~7L, c.u32(0x3c) & 7);
    }

    /** How many further registers the BAR has used. */
    private static int bar(Capability c, int i) {
        long low = c.u32(FIRST_BAR + 4 * i);
        if (low == 0 || low == 0xffffffffL) {
            return 0;
        }
        c.print("\t\tRegion %d: Memory at ", i);
        boolean wide = (low & 6) == 4;
        if (wide) {
            c.print("%08x", c.u32(FIRST_BAR + 4 * i + 4));
        }
        c.print("%08x", low & ~0xfL);
        c.print(BAR, low);
        return wide ? 1 : 0;
    }
}
