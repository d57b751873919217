package org.cardcage.shell.internal.lspci;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Function;
import org.cardcage.shell.internal.lspci.function.Identity;
import org.cardcage.shell.internal.lspci.function.PciFunction;

/** Draws the tree of buses ({@code -t}), of it only the branches that lead to what a filter lets through. */
final class TreeText {

    /** What of a line does not fit into pciutils' buffer is three dots. */
    private static final int MAX_LINE = 1023;

    private static final String END = "\0";

    private final BusTree tree;
    private final LspciFilter filter;
    private final Function<Identity, String> names;
    private final StringBuilder out;
    private final Set<PciFunction> open = Collections.newSetFromMap(new IdentityHashMap<>());

    /** @param names what is written behind a function; nothing if empty */
    TreeText(BusTree tree, LspciFilter filter, Function<Identity, String> names, StringBuilder out) {
        this.tree = tree;
        this.filter = filter;
        this.names = names;
        this.out = out;
    }

    void print() {
        bridge(tree.root(), new StringBuilder());
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
                append(line, String.format("[%04x:%02x]-", only.domain(), only.number()));
            }
            bus(only, line);
            return;
        }
        boolean any = false;
        for (int i = 0; i < b.buses().size(); i++) {
            BusTree.Bus bus = b.buses().get(i);
            if (isShown(bus)) {
                line.setLength(end);
                char corner = i == b.buses().size() - 1 ? '\\' : '+';
                append(line, String.format("%c-[%04x:%02x]-", corner, bus.domain(), bus.number()));
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
                append(line, last == 0 ? "--" : i == last ? "\\-" : "+-");
                function(f, line);
                any = true;
            }
        }
        if (!any) {
            flush(line);
        }
    }

    private void function(PciFunction f, StringBuilder line) {
        append(line, String.format("%02x.%x", f.slot().device(), f.slot().function()));
        if (tree.asBridge(f).isPresent()) {
            BusTree.Bridge b = tree.asBridge(f).get();
            append(line, buses(b));
            if (open.add(f)) {
                bridge(b, line);
                open.remove(f);
            } else {
                flush(line);
            }
            return;
        }
        String name = names.apply(f.identity());
        append(line, name.isEmpty() ? "" : "  " + name);
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

    /** A text that is cut takes the room of what does not fit, and its last character is the end of what is written. */
    private static void append(StringBuilder line, String text) {
        int room = MAX_LINE - line.length();
        if (text.length() < room) {
            line.append(text);
        } else if (room > 0) {
            line.append(text, 0, room - 1).append(END);
        }
    }

    /** Writes the line and leaves of it what continues below. */
    private void flush(StringBuilder line) {
        int end = line.indexOf(END);
        int shown = end < 0 ? line.length() : end;
        out.append(line, 0, shown).append(line.length() >= MAX_LINE ? "...\n" : "\n");
        for (int i = 0; i < shown; i++) {
            boolean continues = line.charAt(i) == '+' || line.charAt(i) == '|';
            line.setCharAt(i, continues ? '|' : ' ');
        }
    }
}
