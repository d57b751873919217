package org.cardcage.shell.internal.lspci;

import java.util.List;
import org.cardcage.shell.internal.lspci.capability.Capabilities;
import org.cardcage.shell.internal.lspci.capability.Register;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.PciNames;

/** The part of a header that depends on its type, and the capabilities. */
final class HeaderText {

    private static final Register BRIDGE_CONTROL = Register.of("\tBridgeCtl: Parity{0} SERR{1} NoISA{2} VGA{3} VGA16{4}"
            + " MAbort{5} >Reset{6} FastB2B{7}\n\t\tPriDiscTmr{8} SecDiscTmr{9} DiscTmrStat{10} DiscTmrSERREn{11}\n");
    private static final Register BRIDGE_STATUS =
            Register.of("\tSecondary status: 66MHz{5} FastB2B{7} ParErr{8} DEVSEL={9-10=" + VerboseText.DEVSEL
                    + "} >TAbort{11} <TAbort{12} <MAbort{13} <SERR{14} <PERR{15}\n");
    private static final Register CARDBUS_CONTROL =
            Register.of("\tBridgeCtl: Parity{0} SERR{1} ISA{2} VGA{3} MAbort{5} >Reset{6} 16bInt{7} PostWrite{10}\n");
    private static final Register BUSES = Register.of(
            "\tBus: primary={0-7:%02x}, secondary={8-15:%02x}, subordinate={16-23:%02x}, sec-latency={24-31}\n");
    private static final int SERR_RECEIVED = 0x4000;

    private final PciFunction f;
    private final ConfigBytes c;
    private final int verbose;
    private final PciNames names;
    private final StringBuilder out;
    private final RegionText regions;

    HeaderText(PciFunction f, int verbose, PciNames names, StringBuilder out, List<String> warnings) {
        this.f = f;
        this.c = f.config();
        this.verbose = verbose;
        this.names = names;
        this.out = out;
        this.regions = new RegionText(f, verbose, out, warnings);
    }

    void print() {
        switch (c.headerType()) {
            case 0 -> device();
            case 1 -> bridge();
            case 2 -> cardBus();
            default -> {
                return;
            }
        }
    }

    private void capabilities() {
        new Capabilities(f, verbose, names, out).print();
    }

    private void device() {
        regions.bars(6);
        regions.rom(0x30);
        capabilities();
    }

    private void bridge() {
        regions.bars(2);
        BUSES.print(c.u32(0x18), out);
        new WindowText(f, verbose, out).print();
        if (verbose > 1) {
            BRIDGE_STATUS.print(c.u16(0x1e), out);
        }
        regions.rom(0x38);
        if (verbose > 1) {
            BRIDGE_CONTROL.print(c.u16(0x3e), out);
        }
        capabilities();
    }

    private void cardBus() {
        regions.bars(1);
        BUSES.print(c.u32(0x18), out);
        int control = c.u16(0x3e);
        for (int i = 0; i < 2; i++) {
            long base = c.u32(0x1c + 8 * i);
            long limit = c.u32(0x20 + 8 * i) + 0xfff & 0xffffffffL;
            if (base <= limit || verbose > 2) {
                out.append(String.format("\tMemory window %d: %08x-%08x", i, base, limit))
                        .append((c.u16(0x04) & 2) != 0 ? "" : " [disabled]")
                        .append((control & 0x100 << i) != 0 ? " (prefetchable)" : "")
                        .append('\n');
            }
        }
        for (int i = 0; i < 2; i++) {
            long base = c.u32(0x2c + 8 * i);
            long limit = c.u32(0x30 + 8 * i);
            boolean wide = (base & 1) != 0;
            base = wide ? base & ~3L : base & 0xfffc;
            limit = (wide ? limit : limit & 0xffff) | 3;
            if (base <= limit || verbose > 2) {
                out.append(String.format("\tI/O window %d: %08x-%08x", i, base, limit))
                        .append((c.u16(0x04) & 1) != 0 ? "\n" : " [disabled]\n");
            }
        }
        if ((c.u16(0x16) & SERR_RECEIVED) != 0) {
            out.append("\tSecondary status: SERR\n");
        }
        if (verbose > 1) {
            CARDBUS_CONTROL.print(control, out);
        }
        if (!c.has(64, 64)) {
            out.append("\t<access denied to the rest>\n");
            return;
        }
        if (c.u16(0x44) != 0) {
            out.append(String.format("\t16-bit legacy interface ports at %04x\n", c.u16(0x44)));
        }
        capabilities();
    }
}
