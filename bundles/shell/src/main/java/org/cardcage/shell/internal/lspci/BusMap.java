package org.cardcage.shell.internal.lspci;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.Slot;

/**
 * Tries every address of a domain and tells which bridges lead to the buses on which something answers ({@code -M}).
 *
 * <p>Threads: one.
 */
final class BusMap {

    private static final int BUSES = 256;
    private static final int DEVICES = 32;
    private static final int FUNCTIONS = 8;
    private static final int MULTI_FUNCTION = 0x80;

    /** What is wrong with the buses behind a bridge. */
    private enum Fault {
        NONE(""),
        OVERLAP(" <overlap bug>"),
        CROSSING(" <crossing bug>");

        private final String text;

        Fault(String text) {
            this.text = text;
        }
    }

    private static final class Bridge {

        private final Slot slot;
        private final int primary;
        private final int first;
        private int last;
        private Fault fault = Fault.NONE;

        Bridge(PciFunction f) {
            slot = f.slot();
            primary = f.config().u8(0x18);
            first = f.config().u8(0x19);
            last = f.config().u8(0x1a);
        }
    }

    /** A bus on which something answers, or that a bridge leads to. */
    private static final class Bus {

        private boolean exists;
        private boolean visited;
        private Optional<Bridge> via = Optional.empty();
        /** The last one that was found first. */
        private final List<Bridge> bridges = new ArrayList<>();
    }

    private final Map<Slot, PciFunction> functions = new TreeMap<>();
    private final LspciFilter filter;
    private final BiPredicate<Slot, Optional<PciFunction>> show;
    private final StringBuilder out;
    private final List<Bus> buses = new ArrayList<>();

    /**
     * @param show is told of each address that is tried and what is there, and says whether it has shown it
     * @param out where the rest of the text goes, between what is shown
     */
    BusMap(
            List<PciFunction> all,
            LspciFilter filter,
            BiPredicate<Slot, Optional<PciFunction>> show,
            StringBuilder out) {
        all.forEach(f -> functions.put(f.slot(), f));
        this.filter = filter;
        this.show = show;
        this.out = out;
        for (int i = 0; i < BUSES; i++) {
            buses.add(new Bus());
        }
    }

    void print() {
        for (int i : wanted(filter.bus(), BUSES)) {
            scan(i);
        }
        out.append("\nSummary of buses:\n\n");
        for (int i = 0; i < BUSES; i++) {
            if (buses.get(i).exists && !buses.get(i).visited) {
                follow(buses.get(i), 0, BUSES - 1);
            }
        }
        for (int i = 0; i < BUSES; i++) {
            summary(i, buses.get(i));
        }
    }

    private static int[] wanted(OptionalInt only, int count) {
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            all[i] = i;
        }
        return only.isPresent() ? new int[] {only.getAsInt()} : all;
    }

    private void scan(int number) {
        for (int device : wanted(filter.device(), DEVICES)) {
            int count = 1;
            for (int function = 0; function < count; function++) {
                if (filter.function().orElse(function) == function) {
                    Slot slot = new Slot(filter.domain().orElse(0), number, device, function);
                    Optional<PciFunction> found =
                            Optional.ofNullable(functions.get(slot)).filter(BusMap::answers);
                    found.ifPresent(f -> buses.get(number).exists = true);
                    if (show.test(slot, found)) {
                        bridge(number, found.orElseThrow());
                    }
                    boolean multi = function == 0 && found.isPresent() && isMultiFunction(found.get());
                    count = multi ? FUNCTIONS : count;
                }
            }
        }
    }

    private static boolean answers(PciFunction f) {
        int vendor = f.config().u16(0x00);
        return vendor != 0 && vendor != 0xffff;
    }

    private static boolean isMultiFunction(PciFunction f) {
        return (f.config().u8(0x0e) & MULTI_FUNCTION) != 0;
    }

    private void bridge(int number, PciFunction f) {
        ConfigBytes c = f.config();
        if (f.isUnreadable() || c.headerType() != 1 && c.headerType() != 2) {
            return;
        }
        Bridge b = new Bridge(f);
        buses.get(number).bridges.add(0, b);
        out.append("## ").append(f.slot().withoutDomain());
        out.append(String.format(" is a bridge from %02x to %02x-%02x\n", b.primary, b.first, b.last));
        if (b.primary != number) {
            out.append("!!! Bridge points to invalid primary bus.\n");
        }
        if (b.first > b.last) {
            out.append("!!! Bridge points to invalid bus range.\n");
            b.last = b.first;
        }
    }

    private void follow(Bus bus, int min, int max) {
        bus.visited = true;
        for (Bridge b : bus.bridges) {
            Bus behind = buses.get(b.first);
            if (behind.visited) {
                b.fault = Fault.OVERLAP;
            } else if (b.first < min || b.last > max) {
                b.fault = Fault.CROSSING;
            } else {
                behind.via = Optional.of(b);
                follow(behind, b.first, b.last);
            }
        }
    }

    private void summary(int number, Bus bus) {
        if (bus.exists) {
            String way = bus.via
                    .map(b -> String.format("Entered via %02x:%02x.%d", b.primary, b.slot.device(), b.slot.function()))
                    .orElse(number == 0 ? "Primary host bus" : "Secondary host bus (?)");
            out.append(String.format("%02x: %s\n", number, way));
        }
        for (Bridge b : bus.bridges) {
            out.append('\t').append(b.slot.withoutBus());
            out.append(String.format(" Bridge to %02x-%02x", b.first, b.last)).append(b.fault.text);
            out.append('\n');
        }
    }
}
