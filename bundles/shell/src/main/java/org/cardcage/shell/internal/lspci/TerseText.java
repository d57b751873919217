package org.cardcage.shell.internal.lspci;

import java.util.Optional;
import org.cardcage.shell.internal.lspci.function.Identity;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.PciNames;

/** The first lines of a function: place, class, names, subsystem. */
final class TerseText {

    private final View view;
    private final PciNames names;
    private final StringBuilder out;

    TerseText(View view, PciNames names, StringBuilder out) {
        this.view = view;
        this.names = names;
        this.out = out;
    }

    void print(PciFunction f, String slot) {
        Identity id = f.identity();
        out.append(slot);
        String classCode = names.classCode(id.classCode());
        out.append(' ' + classCode + ": " + names.vendorAndDevice(id));
        if (id.revision() != 0) {
            out.append(String.format(" (rev %02x)", id.revision()));
        }
        if (view.verbose() > 0) {
            progIf(id);
        }
        out.append('\n');
        if ((view.verbose() > 0 || view.kernel()) && id.hasSubsystem()) {
            out.append("\tSubsystem: ").append(names.subsystem(id)).append('\n');
        }
    }

    private void progIf(Identity id) {
        Optional<String> name = names.progIf(id.classCode(), id.progIf());
        if (id.progIf() != 0 || name.isPresent()) {
            out.append(String.format(" (prog-if %02x", id.progIf()));
            name.ifPresent(n -> out.append(" [").append(n).append(']'));
            out.append(')');
        }
    }
}
