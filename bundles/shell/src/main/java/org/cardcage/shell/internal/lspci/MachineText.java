package org.cardcage.shell.internal.lspci;

import org.cardcage.shell.internal.lspci.function.Identity;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.PciNames;

/** A function for programs to read ({@code -m}): a line of words in quotes, or with {@code -v} a record of tagged lines. */
final class MachineText {

    private final View view;
    private final PciNames names;
    private final StringBuilder out;

    MachineText(View view, PciNames names, StringBuilder out) {
        this.view = view;
        this.names = names;
        this.out = out;
    }

    void print(PciFunction f, String slot) {
        if (view.verbose() > 0) {
            record(f, slot);
        } else {
            line(f.identity(), slot);
        }
    }

    private void line(Identity id, String slot) {
        out.append(slot);
        word(names.classCode(id.classCode()));
        word(names.vendor(id.vendor()));
        word(names.device(id.vendor(), id.device()));
        if (id.revision() != 0) {
            out.append(String.format(" -r%02x", id.revision()));
        }
        out.append(String.format(" -p%02x", id.progIf()));
        word(id.hasSubsystem() ? names.subVendor(id) : "");
        word(id.hasSubsystem() ? names.subDevice(id) : "");
        out.append('\n');
    }

    private void word(String text) {
        out.append(" \"").append(text.replaceAll("[\"\\\\]", "\\\\$0")).append('"');
    }

    private void record(PciFunction f, String slot) {
        Identity id = f.identity();
        tag(view.machine() > 1 ? "Slot" : "Device", slot);
        tag("Class", names.classCode(id.classCode()));
        tag("Vendor", names.vendor(id.vendor()));
        tag("Device", names.device(id.vendor(), id.device()));
        if (id.hasSubsystem()) {
            tag("SVendor", names.subVendor(id));
            tag("SDevice", names.subDevice(id));
        }
        f.physicalSlot().ifPresent(s -> tag("PhySlot", s));
        if (id.revision() != 0) {
            tag("Rev", String.format("%02x", id.revision()));
        }
        tag("ProgIf", String.format("%02x", id.progIf()));
        if (view.kernel()) {
            f.driver().ifPresent(d -> tag("Driver", d));
            f.modules().forEach(m -> tag("Module", m));
        }
    }

    private void tag(String name, String value) {
        out.append(name).append(":\t").append(value).append('\n');
    }
}
