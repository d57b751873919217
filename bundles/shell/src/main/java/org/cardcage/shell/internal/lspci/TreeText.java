package org.cardcage.shell.internal.lspci;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Function;
import org.cardcage.shell.internal.lspci.function.Identity;
import org.cardcage.shell.internal.lspci.function.PciFunction;

/** Draws the tree of buses ({@code -t}), of it only the branches that lead to what a filter lets through. */
final class TreeText {

    private final BusTree tree;
    private final LspciFilter filter;
    private final Function<Identity, String> names;
    private final StringBuilder out = new StringBuilder();
    private final Set<PciFunction> open = Collections.newSetFromMap(new IdentityHashMap<>());

    /** @param names what is written behind a function; nothing if empty */
    TreeText(BusTree tree, LspciFilter filter, Function<Identity, String> names) {
        this.tree = tree;
        this.filter = filter;
        this.names = names;
    }

    String text() {
        bridge(tree.root(), new StringBuilder());
        return out.toString();
    }

    /** Numbers that contradict each other may make a bridge lead to itself: then it is shown once. */
    private boolean isShown(PciFunction f) {
        if (filter.matches(f)) {
            return true;
        }
        if (!open.add(f)) {
            return false;
        }
        boolean shown = tree.asBridge(f)
                .filter(b -> b.buses().stream().anyMatch(this::isShown))
                .isPresent();
        open.remove(f);
        return shown;
    }

    private boolean isShown(BusTree.Bus bus) {
        return !filter.isNarrow() || bus.functions().stream().anyMatch(this::isShown);
    }

    private void bridge(BusTree.Bridge b, StringBuilder line) {
        line.append('-');
        int end = line.length();
        if (b.buses().size() == 1) {
            BusTree.Bus only = b.buses().get(0);
            if (b == tree.root() && isShown(only)) {
                line.append(String.format("[%04x:%02x]-", only.domain(), only.number()));
            }
            bus(only, line);
            return;
        }
        boolean any = false;
        for (int i = 0; i < b.buses().size(); i++) {
            BusTree.Bus bus = b.buses().get(i);
            if (isShown(bus)) {
                line.setLength(end);
                line.append(i == b.buses().size() - 1 ? '\\' : '+')
                        .append(String.format("-[%04x:%02x]-", bus.domain(), bus.number()));
                bus(bus, line);
                any = true;
            }
        }
        if (!any) {
            flush(line);
        }
    }

    private void bus(BusTree.Bus bus, StringBuilder line) {
        int end = line.length();
        int last = bus.functions().size() - 1;
        boolean any = false;
        for (int i = 0; i <= last; i++) {
            PciFunction f = bus.functions().get(i);
            if (isShown(f)) {
                line.setLength(end);
                function(f, line.append(last == 0 ? "--" : i == last ? "\\-" : "+-"));
                any = true;
            }
        }
        if (!any) {
            flush(line);
        }
    }

    private void function(PciFunction f, StringBuilder line) {
        line.append(String.format("%02x.%x", f.slot().device(), f.slot().function()));
        if (tree.asBridge(f).isPresent()) {
            BusTree.Bridge b = tree.asBridge(f).get();
            line.append(buses(b));
            if (open.add(f)) {
                bridge(b, line);
                open.remove(f);
            } else {
                flush(line);
            }
            return;
        }
        String name = names.apply(f.identity());
        line.append(name.isEmpty() ? "" : "  " + name);
        flush(line);
    }

    private static String buses(BusTree.Bridge b) {
        if (b.secondary() == 0) {
            return "-";
        }
        return b.secondary() == b.subordinate()
                ? String.format("-[%02x]-", b.secondary())
                : String.format("-[%02x-%02x]-", b.secondary(), b.subordinate());
    }

    /** Writes the line and leaves of it what continues below. */
    private void flush(StringBuilder line) {
        out.append(line).append('\n');
        for (int i = 0; i < line.length(); i++) {
            boolean continues = line.charAt(i) == '+' || line.charAt(i) == '|';
            line.setCharAt(i, continues ? '|' : ' ');
        }
    }
}
