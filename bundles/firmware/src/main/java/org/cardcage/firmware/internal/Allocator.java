package org.cardcage.firmware.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.cardcage.firmware.Firmware.Relocation;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;
import org.cardcage.machine.MachineDescription.HostBridge;

/** Sets up functions at power-on and when a card is plugged in. Not for use by several threads. */
public final class Allocator {

    private static final String NO_PIECE = "the host bridge has no such piece left; what is in use is not moved";
    private static final String NO_LARGER_WINDOW =
            "the windows of the bridges above are full and cannot grow; what is in use is not moved";

    private final Machine machine;
    private final Consumer<String> reporter;
    private final Relocation relocation;
    private final List<Hierarchy> hierarchies = new ArrayList<>();

    public Allocator(Machine machine, Consumer<String> reporter, Relocation relocation) {
        this.machine = machine;
        this.reporter = reporter;
        this.relocation = relocation;
    }

    /** See {@code Firmware.run}. */
    public void run() {
        hierarchies.clear();
        for (HostBridge host : machine.description().hostBridges()) {
            Hierarchy hierarchy = new Hierarchy(machine, host, reporter);
            hierarchies.add(hierarchy);
            hierarchy.enumerate();
            Layout.of(hierarchy, false).build(hierarchy::refuse);
            Layout.of(hierarchy, true).build(hierarchy::refuse);
            List<FunctionNode> all = hierarchy.functions();
            all.forEach(Allocator::apply);
            all.forEach(function -> function.enable(host));
        }
    }

    /** See {@code Firmware.adopting}. */
    public void adopt() {
        hierarchies.clear();
        for (HostBridge host : machine.description().hostBridges()) {
            Hierarchy hierarchy = new Hierarchy(machine, host, reporter);
            hierarchies.add(hierarchy);
            hierarchy.adopt();
            FunctionNode.refresh(hierarchy.functions(), false);
            FunctionNode.refresh(hierarchy.functions(), true);
        }
    }

    private static void apply(FunctionNode function) {
        function.windows.values().forEach(Demand::apply);
        function.bars.forEach(Demand::apply);
    }

    /** See {@code Firmware.place}. */
    public boolean place(List<FunctionAddress> functions) {
        if (hierarchies.isEmpty()) {
            return false;
        }
        FunctionAddress first = functions.get(0);
        Hierarchy hierarchy = hierarchy(first);
        BusNode bus = hierarchy == null ? null : hierarchy.root.find(first.bus());
        if (bus == null || bus.number != first.bus()) {
            reporter.accept(first + ": there is no such bus; the card gets no addresses");
            return false;
        }
        List<FunctionNode> fresh = hierarchy.add(bus, functions);
        if (fresh.isEmpty()) {
            return false;
        }
        boolean placed = place(hierarchy, bus, fresh, false) & place(hierarchy, bus, fresh, true);
        List<FunctionNode> all = FunctionNode.withAllBehind(fresh);
        all.forEach(Allocator::apply);
        all.forEach(function -> function.enable(hierarchy.host));
        return placed;
    }

    /** See {@code Firmware.forget}. */
    public void forget(FunctionAddress function) {
        for (Hierarchy hierarchy : hierarchies) {
            if (hierarchy.host.domain() == function.domain() && hierarchy.remove(function)) {
                return;
            }
        }
    }

    /** Memory or ports. What is hardest to place is given up until the rest finds a place. */
    private boolean place(Hierarchy hierarchy, BusNode bus, List<FunctionNode> fresh, boolean io) {
        boolean all = true;
        while (!inTheGaps(hierarchy, bus, fresh, io)
                && !new Rearrangement(hierarchy, bus, fresh, io, relocation).run()) {
            List<Demand> wanted = FunctionNode.demands(FunctionNode.withAllBehind(fresh), io);
            boolean kept = false;
            for (Demand demand : wanted) {
                kept |= demand instanceof Window window && window.dropReserves();
            }
            if (!kept) {
                Demand largest = wanted.stream()
                        .filter(demand -> demand instanceof BarRegister && demand.wants())
                        .max(Comparator.comparingLong(demand -> demand.size))
                        .orElseThrow();
                hierarchy.refuse(largest, bus.bridge == null ? NO_PIECE : NO_LARGER_WINDOW);
                all = false;
            }
        }
        return all;
    }

    private Hierarchy hierarchy(FunctionAddress function) {
        for (Hierarchy hierarchy : hierarchies) {
            HostBridge host = hierarchy.host;
            if (host.domain() == function.domain()
                    && host.firstBus() <= function.bus()
                    && function.bus() <= host.lastBus()) {
                return hierarchy;
            }
        }
        return null;
    }

    /** With the gaps that the windows around the bus have just now; looks at this one bus only. */
    private static boolean inTheGaps(Hierarchy hierarchy, BusNode bus, List<FunctionNode> fresh, boolean io) {
        List<FunctionNode> known = new ArrayList<>(bus.functions);
        known.removeAll(fresh);
        if (bus.bridge != null) {
            known.add(bus.bridge);
        }
        FunctionNode.refresh(known, io);
        return Layout.fill(hierarchy, bus, FunctionNode.demands(fresh, io));
    }
}
