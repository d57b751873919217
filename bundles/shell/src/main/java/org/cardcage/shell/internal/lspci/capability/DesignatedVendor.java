package org.cardcage.shell.internal.lspci.capability;

/** Designated Vendor-Specific (PCI Express 5.0 section 7.9.6), of which CXL has several. */
final class DesignatedVendor {

    private static final int VENDOR_CXL = 0x1e98;
    private static final int MIN_LENGTH = 16;

    private DesignatedVendor() {}

    static void print(Capability c) {
        c.print("Designated Vendor-Specific: ");
        if (!c.has(4, 8)) {
            c.print("<unreadable>\n");
            return;
        }
        int vendor = c.u16(4);
        int length = c.u16(6) >> 4;
        c.print("Vendor=%04x ID=%04x Rev=%d Len=%d", vendor, c.u16(8), c.u16(6) & 0xf, length);
        if (vendor == VENDOR_CXL && length >= MIN_LENGTH) {
            c.print(": CXL\n");
            if (c.isDetailed()) {
                ComputeExpressLink.print(c, c.u16(8), c.u16(6) & 0xf, length);
            }
        } else {
            c.print(" <?>\n");
        }
    }
}
