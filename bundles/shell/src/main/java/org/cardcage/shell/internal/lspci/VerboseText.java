package org.cardcage.shell.internal.lspci;

import java.util.List;
import org.cardcage.shell.internal.lspci.capability.Register;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.PciNames;
import org.cardcage.shell.internal.lspci.function.Resources;

/** What {@code -v} adds to the first lines of a function: the header (PCI Local Bus 3.0 chapter 6) and the capabilities. */
final class VerboseText {

    static final String DEVSEL = "fast|medium|slow|??";

    private static final Register COMMAND = Register.of("\tControl: I/O{0} Mem{1} BusMaster{2} SpecCycle{3} MemWINV{4}"
            + " VGASnoop{5} ParErr{6} Stepping{7} SERR{8} FastB2B{9} DisINTx{10}\n");
    private static final Register STATUS = Register.of("\tStatus: Cap{4} 66MHz{5} UDF{6} FastB2B{7} ParErr{8}"
            + " DEVSEL={9-10=" + DEVSEL + "} >TAbort{11} <TAbort{12} <MAbort{13} >SERR{14} <PERR{15} INTx{3}\n");
    private static final Register COMMAND_FLAGS =
            Register.of("{2-2=|bus master, }{5-5=|VGA palette snoop, }{7-7=|stepping, }{9-9=|fast Back2Back, }");
    private static final Register STATUS_FLAGS =
            Register.of("{5-5=|66MHz, }{6-6=|user-definable features, }{9-10=" + DEVSEL + "} devsel");

    private static final int CLASS_PCI_BRIDGE = 0x0604;
    private static final int BASE_CLASS_BRIDGE = 0x06;
    private static final int MASTER = 0x4;
    private static final int UNREADABLE = 0xff;
    private static final int LATENCY_UNIT_NANOS = 250;

    private final View view;
    private final int verbose;
    private final PciNames names;
    private final StringBuilder out;
    private final List<String> warnings;

    VerboseText(View view, PciNames names, StringBuilder out, List<String> warnings) {
        this.view = view;
        this.verbose = view.verbose();
        this.names = names;
        this.out = out;
        this.warnings = warnings;
    }

    void print(PciFunction f) {
        ConfigBytes c = f.config();
        int type = f.isUnreadable() ? UNREADABLE : c.headerType();
        int irq = f.resources().map(Resources::irq).orElse(c.u8(0x3c));
        if (type > 2) {
            if (!f.isUnreadable()) {
                out.append(String.format("\t!!! Unknown header type %02x\n", type));
            }
            if (verbose > 1) {
                interrupt(0, irq);
            }
            if (f.isUnreadable()) {
                new RegionText(f, verbose, out, warnings).withoutHeader(view.bus());
            }
            return;
        }
        if (isMisfit(f.identity().classCode(), type)) {
            out.append(String.format(
                    "\t!!! Invalid class %04x for header type %02x\n",
                    f.identity().classCode(), type));
        }
        f.physicalSlot()
                .ifPresent(s -> out.append("\tPhysical Slot: ").append(s).append('\n'));
        if (verbose > 1) {
            registers(c, type);
            interrupt(c.u8(0x3d), irq);
        } else {
            flags(c, irq);
        }
        selfTest(c.u8(0x0f));
        new HeaderText(f, verbose, names, out, warnings).print();
    }

    private static boolean isMisfit(int classCode, int type) {
        return type == 0 ? classCode == CLASS_PCI_BRIDGE : classCode >> 8 != BASE_CLASS_BRIDGE;
    }

    private void registers(ConfigBytes c, int type) {
        COMMAND.print(c.u16(0x04), out);
        STATUS.print(c.u16(0x06), out);
        if ((c.u16(0x04) & MASTER) == 0) {
            return;
        }
        out.append("\tLatency: ").append(c.u8(0x0d));
        int min = type == 0 ? c.u8(0x3e) * LATENCY_UNIT_NANOS : 0;
        int max = type == 0 ? c.u8(0x3f) * LATENCY_UNIT_NANOS : 0;
        if (min != 0 || max != 0) {
            out.append(" (").append(min != 0 ? min + "ns min" : "");
            out.append(min != 0 && max != 0 ? ", " : "");
            out.append(max != 0 ? max + "ns max" : "").append(')');
        }
        if (c.u8(0x0c) != 0) {
            out.append(", Cache Line Size: ").append(c.u8(0x0c) * 4).append(" bytes");
        }
        out.append('\n');
    }

    private void interrupt(int pin, int irq) {
        if (pin != 0 || irq != 0) {
            out.append("\tInterrupt: pin ").append(pin == 0 ? '?' : (char) ('A' + pin - 1 & 0xff));
            out.append(" routed to IRQ ").append(irq).append('\n');
        }
    }

    private void flags(ConfigBytes c, int irq) {
        out.append("\tFlags: ");
        COMMAND_FLAGS.print(c.u16(0x04), out);
        STATUS_FLAGS.print(c.u16(0x06), out);
        if ((c.u16(0x04) & MASTER) != 0) {
            out.append(", latency ").append(c.u8(0x0d));
        }
        if (irq != 0) {
            out.append(", IRQ ").append(irq);
        }
        out.append('\n');
    }

    private void selfTest(int bist) {
        if ((bist & 0x80) != 0) {
            out.append((bist & 0x40) != 0 ? "\tBIST is running\n" : String.format("\tBIST result: %02x\n", bist & 0xf));
        }
    }
}
