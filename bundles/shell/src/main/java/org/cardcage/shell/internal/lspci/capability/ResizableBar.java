package org.cardcage.shell.internal.lspci.capability;

import java.util.ArrayList;
import java.util.List;

/** Resizable BAR, of a function or of its virtual functions (PCI Express 5.0 section 7.8.6, 9.3.7.5). */
final class ResizableBar {

    private static final int MAX_LOG = 43;
    private static final int MAX_BARS = 6;
    private static final String[] UNITS = {"MB", "GB", "TB", "PB", "EB"};

    private ResizableBar() {}

    static void print(Capability c, String kind) {
        c.print("%s Resizable BAR\n", kind);
        if (!c.isDetailed()) {
            return;
        }
        int count = c.has(4, 8) ? (int) c.u32(8) >> 5 & 7 : 0;
        if (!c.has(4, 8)) {
            c.print("\t\t<unreadable>\n");
            return;
        }
        if (count < 1 || count > MAX_BARS) {
            c.print("\t\t<error in resizable BAR: num_bars=%d is out of specification>\n", count);
            return;
        }
        for (int i = 0; i < count; i++) {
            int at = 4 + 8 * i;
            if (!c.has(at, 8)) {
                c.print("\t\t<unreadable>\n");
                return;
            }
            bar(c, c.u32(at), c.u32(at + 4));
        }
    }

    private static void bar(Capability c, long capability, long control) {
        c.print("\t\tBAR %d: current size:%s", control & 7, size((int) (control >> 8) & 0x3f));
        List<String> sizes = new ArrayList<>();
        for (int i = 0; i < 28; i++) {
            if ((capability >> 4 + i & 1) != 0) {
                sizes.add(size(i));
            }
        }
        for (int i = 0; i < 16; i++) {
            if ((control >> 16 + i & 1) != 0) {
                sizes.add(size(28 + i));
            }
        }
        c.print(sizes.isEmpty() ? "\n" : ", supported:" + String.join("", sizes) + "\n");
    }

    /** A size from its logarithm, 0 for 1 MB. */
    private static String size(int log) {
        int unit = log / 10;
        return log <= MAX_LOG ? " " + (1 << log % 10) + UNITS[unit] : " <unknown>";
    }
}
