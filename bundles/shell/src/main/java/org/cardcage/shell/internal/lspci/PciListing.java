package org.cardcage.shell.internal.lspci;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.PciNames;
import org.cardcage.shell.internal.lspci.function.Slot;

/**
 * The text of {@code lspci} for some functions, as pciutils 3.9 prints it. A character is a byte.
 *
 * <p>Threads: one.
 */
public final class PciListing {

    private final List<PciFunction> all;
    private final View view;
    private final PciNames names;
    private final List<String> warnings = new ArrayList<>();

    /** @param all all functions of the machine or dump, by address */
    public PciListing(List<PciFunction> all, View view, PciNames names) {
        this.all = all;
        this.view = view;
        this.names = names;
    }

    /** The text for those functions that pass the filter. */
    public String text(LspciFilter filter) {
        StringBuilder out = new StringBuilder();
        print(filter, out);
        return out.toString();
    }

    /**
     * Appends the text for those functions that pass the filter.
     *
     * @throws IllegalArgumentException if a damaged database of names is met; what comes before it is there
     */
    void print(LspciFilter filter, StringBuilder out) {
        BusTree tree = new BusTree(view.needsTopology() ? all : List.of());
        if (view.tree()) {
            new TreeText(tree, filter, view.verbose() > 0 ? names::vendorAndDeviceInFull : id -> "", out).print();
            return;
        }
        SlotNames slots =
                new SlotNames(tree, view, all.stream().anyMatch(f -> f.slot().domain() != 0));
        for (PciFunction f : all) {
            if (filter.matches(f)) {
                function(f, slots, out);
            }
        }
    }

    /**
     * Appends the text for those functions that are found by trying all addresses, and how the buses hang together.
     *
     * @param absent is told of each address at which nothing answers
     */
    void map(LspciFilter filter, Consumer<Slot> absent, StringBuilder out) {
        out.append("WARNING: Bus mapping can be reliable only with direct hardware access enabled.\n\n");
        SlotNames slots =
                new SlotNames(new BusTree(List.of()), view, filter.domain().orElse(0) != 0);
        new BusMap(
                        all,
                        filter,
                        (slot, found) -> {
                            if (found.isEmpty()) {
                                absent.accept(slot);
                                return false;
                            }
                            boolean shown = filter.matches(found.get());
                            if (shown) {
                                function(found.get(), slots, out);
                            }
                            return shown;
                        },
                        out)
                .print();
    }

    /** What pciutils would have told on standard error while {@link #text} was made, line by line. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    private void function(PciFunction f, SlotNames slots, StringBuilder out) {
        if (view.machine() > 0) {
            new MachineText(view, names, out).print(f, slots.of(f));
        } else {
            new TerseText(view, names, out).print(f, slots.of(f));
            if (view.verbose() > 0) {
                new VerboseText(view, names, out, warnings).print(f);
            }
            if (view.kernel() || view.verbose() > 0) {
                kernel(f, out);
            }
        }
        if (view.hex() > 0) {
            HexText.print(f, view.hex(), out);
        }
        if (view.hex() > 0 || view.verbose() > 0) {
            out.append('\n');
        }
    }

    private static void kernel(PciFunction f, StringBuilder out) {
        f.driver()
                .ifPresent(d -> out.append("\tKernel driver in use: ").append(d).append('\n'));
        if (!f.modules().isEmpty()) {
            out.append("\tKernel modules: ")
                    .append(String.join(", ", f.modules()))
                    .append('\n');
        }
    }
}
