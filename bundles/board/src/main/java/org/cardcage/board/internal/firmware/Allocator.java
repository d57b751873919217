package org.cardcage.board.internal.firmware;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.cardcage.board.Firmware.Relocation;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;
import org.cardcage.machine.MachineDescription.HostBridge;

/** Sets up functions at power-on and when a card is plugged in. Not for use by several threads. */
public final class Allocator {

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
            Layout.memory(hierarchy).build(hierarchy::refuse);
            Layout.ports(hierarchy).build(hierarchy::refuse);
            List<FunctionNode> all = hierarchy.functions();
            all.forEach(Allocator::apply);
            all.forEach(function -> function.enable(host));
        }
    }

    private static void apply(FunctionNode function) {
        function.windows.values().forEach(Demand::apply);
        function.bars.forEach(Demand::apply);
    }

    /** See {@code Firmware.place}. */
    public boolean place(List<FunctionAddress> functions) {
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
        boolean placed = inTheGaps(hierarchy, bus, fresh) || rearranged(hierarchy, bus, fresh);
        if (!placed) {
            oneByOne(hierarchy, bus, fresh);
        }
        List<FunctionNode> all = withAllBehind(fresh);
        all.forEach(Allocator::apply);
        all.forEach(function -> function.enable(hierarchy.host));
        return placed;
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

    private static List<FunctionNode> withAllBehind(List<FunctionNode> functions) {
        List<FunctionNode> all = new ArrayList<>();
        for (FunctionNode function : functions) {
            all.add(function);
            if (function.below != null) {
                function.below.collect(all);
            }
        }
        return all;
    }

    private static List<Demand> demands(List<FunctionNode> functions) {
        List<Demand> demands = new ArrayList<>();
        for (FunctionNode function : functions) {
            demands.addAll(function.bars);
            demands.addAll(function.windows.values());
        }
        return demands;
    }

    /** With the gaps that the windows around the bus have just now; looks at this one bus only. */
    private static boolean inTheGaps(Hierarchy hierarchy, BusNode bus, List<FunctionNode> fresh) {
        List<Demand> wanted = demands(fresh);
        if (bus.bridge != null) {
            bus.bridge.windows.values().forEach(Demand::read);
        }
        for (FunctionNode function : bus.functions) {
            if (!fresh.contains(function)) {
                demands(List.of(function)).forEach(Demand::read);
            }
        }
        return Layout.fill(hierarchy, bus, wanted, null);
    }

    /** Each for itself, since not all find a place. */
    private static void oneByOne(Hierarchy hierarchy, BusNode bus, List<FunctionNode> fresh) {
        List<FunctionNode> others = hierarchy.functions();
        others.removeAll(new HashSet<>(withAllBehind(fresh)));
        demands(others).forEach(Demand::restore);
        Layout.fill(hierarchy, bus, demands(fresh), hierarchy::refuse);
    }

    /**
     * First with larger windows only; then with what may be moved, first on the same bus, then farther and farther around.
     */
    private boolean rearranged(Hierarchy hierarchy, BusNode bus, List<FunctionNode> fresh) {
        List<FunctionNode> others = hierarchy.functions();
        List<FunctionNode> behind = withAllBehind(fresh);
        others.removeAll(new HashSet<>(behind));
        demands(others).forEach(Demand::read);
        Set<FunctionNode> path = new HashSet<>();
        for (BusNode at = bus; at.bridge != null; at = at.bridge.bus) {
            path.add(at.bridge);
        }
        Set<FunctionNode> movable = new LinkedHashSet<>();
        for (BusNode around = bus; ; around = around.bridge.bus) {
            if (arrange(hierarchy, others, path, movable, true)) {
                move(hierarchy, others);
                return true;
            }
            List<FunctionNode> near = new ArrayList<>();
            around.collect(near);
            near.removeAll(new HashSet<>(behind));
            near.removeIf(function -> movable.contains(function) || !relocation.mayMove(function.address()));
            if (movable.addAll(near)
                    && (arrange(hierarchy, others, path, movable, true)
                            || arrange(hierarchy, others, path, movable, false))) {
                move(hierarchy, others);
                return true;
            }
            if (around.bridge == null) {
                return false;
            }
        }
    }

    private static boolean arrange(
            Hierarchy hierarchy,
            List<FunctionNode> others,
            Set<FunctionNode> path,
            Set<FunctionNode> movable,
            boolean still) {
        Set<FunctionNode> open = new HashSet<>(path);
        for (FunctionNode function : movable) {
            for (FunctionNode at = function; at != null && open.add(at); ) {
                at = at.bus.bridge;
            }
        }
        List<Demand> all = demands(others);
        all.forEach(Demand::restore);
        for (FunctionNode function : others) {
            for (BarRegister bar : function.bars) {
                bar.pinned = !movable.contains(function);
                bar.out |= bar.pinned && !hierarchy.inside(bar);
            }
            for (Window window : function.windows.values()) {
                window.pinned = !open.contains(function);
                window.out |= window.pinned && !hierarchy.inside(window);
            }
        }
        boolean done = Layout.memory(hierarchy).arrange(still)
                && Layout.ports(hierarchy).arrange(still);
        all.forEach(demand -> demand.pinned = false);
        return done;
    }

    private void move(Hierarchy hierarchy, List<FunctionNode> others) {
        List<FunctionNode> moving = others.stream()
                .filter(function -> function.bars.stream().anyMatch(Demand::changed))
                .toList();
        for (FunctionNode function : moving) {
            relocation.moving(function.address());
            function.disable();
        }
        for (FunctionNode function : others) {
            if (function.windows.values().stream().anyMatch(Demand::changed)) {
                function.windows.values().stream().filter(Demand::changed).forEach(Demand::apply);
                relocation.windowsMoved(function.address());
            }
        }
        for (FunctionNode function : moving) {
            function.bars.stream().filter(Demand::changed).forEach(Demand::apply);
            function.enable(hierarchy.host);
            relocation.moved(function.address());
        }
    }
}
