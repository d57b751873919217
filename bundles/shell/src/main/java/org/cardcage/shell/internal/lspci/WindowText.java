package org.cardcage.shell.internal.lspci;

import java.util.Optional;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.Resources.Window;

/** What a bridge forwards (PCI-to-PCI Bridge 1.2 sections 3.2.5.6 to 3.2.5.10). */
final class WindowText {

    private final PciFunction f;
    private final ConfigBytes c;
    private final int verbose;
    private final StringBuilder out;

    WindowText(PciFunction f, int verbose, StringBuilder out) {
        this.f = f;
        this.c = f.config();
        this.verbose = verbose;
        this.out = out;
    }

    void print() {
        io();
        memory();
        prefetchable();
    }

    /** What the kernel knows of an open window. */
    private Optional<Window> known(int index) {
        return f.resources().flatMap(r -> r.window(index)).filter(w -> w.size() != 0);
    }

    /** Whether the kernel says that nothing is forwarded, whatever the registers say. */
    private boolean isClosed(int index) {
        return f.resources()
                .flatMap(r -> r.window(index))
                .filter(w -> w.size() == 0)
                .isPresent();
    }

    private void io() {
        int base = c.u8(0x1c);
        int limit = c.u8(0x1d);
        boolean wide = (base & 0xf) == 1;
        if (known(0).isPresent()) {
            window("\tI/O behind bridge", known(0).get());
        } else if ((base & 0xf) != (limit & 0xf) || (base & 0xf) > 1) {
            out.append(String.format("\t!!! Unknown I/O range types %x/%x\n", base, limit));
        } else {
            long upperBase = wide ? (long) c.u16(0x30) << 16 : 0;
            long upperLimit = wide ? (long) c.u16(0x32) << 16 : 0;
            range(
                    "\tI/O behind bridge",
                    upperBase | (base & 0xf0) << 8,
                    upperLimit | (limit & 0xf0) << 8 | 0xfff,
                    wide ? 32 : 16,
                    isClosed(0));
        }
    }

    private void memory() {
        int base = c.u16(0x20);
        int limit = c.u16(0x22);
        if (known(1).isPresent()) {
            window("\tMemory behind bridge", known(1).get());
        } else if ((base & 0xf) != (limit & 0xf) || (base & 0xf) != 0) {
            out.append(String.format("\t!!! Unknown memory range types %x/%x\n", base, limit));
        } else {
            range("\tMemory behind bridge", (long) base << 16, (long) limit << 16 | 0xfffff, 32, isClosed(1));
        }
    }

    private void prefetchable() {
        int base = c.u16(0x24);
        int limit = c.u16(0x26);
        boolean wide = (base & 0xf) == 1;
        if (known(2).isPresent()) {
            window("\tPrefetchable memory behind bridge", known(2).get());
        } else if ((base & 0xf) != (limit & 0xf) || (base & 0xf) > 1) {
            out.append(String.format("\t!!! Unknown prefetchable memory range types %x/%x\n", base, limit));
        } else {
            long upperBase = wide ? c.u32(0x28) << 32 : 0;
            long upperLimit = wide ? c.u32(0x2c) << 32 : 0;
            range(
                    "\tPrefetchable memory behind bridge",
                    upperBase | (base & 0xfff0L) << 16,
                    upperLimit | (limit & 0xfff0L) << 16 | 0xfffff,
                    wide ? 64 : 32,
                    isClosed(2));
        }
    }

    private void window(String label, Window w) {
        range(label, w.base(), w.base() + w.size() - 1, w.bits(), false);
    }

    private void range(String label, long base, long limit, int bits, boolean closed) {
        boolean open = Long.compareUnsigned(base, limit) <= 0;
        String format = "%0" + bits / 4 + "x";
        out.append(label).append(':');
        if (open || verbose > 2) {
            out.append(' ').append(String.format(format + "-" + format, base, limit));
        }
        out.append(open && !closed ? RegionText.size(limit - base + 1) : " [disabled]");
        out.append(" [").append(bits).append("-bit]\n");
    }
}
