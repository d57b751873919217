package org.cardcage.firmware.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;
import org.cardcage.machine.MachineDescription.HostBridge;

/**
 * All that is below one host bridge: the buses, their numbers, and who asks for addresses. Not for use by several threads.
 */
final class Hierarchy {

    private static final int DEVICES = 32;
    private static final int FUNCTIONS = 8;
    /** So that sums of sizes stay numbers. */
    private static final long LARGEST = 1L << 46;

    final HostBridge host;
    final BusNode root;
    final Window memory = new Window(null, Window.Kind.MEMORY, true);
    final Window ports = new Window(null, Window.Kind.PORTS, true);
    private final Consumer<String> reporter;
    private boolean keepBuses = true;
    private boolean shortOfBuses;
    private boolean adopting;

    Hierarchy(Machine machine, HostBridge host, Consumer<String> reporter) {
        this.host = host;
        this.reporter = reporter;
        root = new BusNode(machine, host.domain(), null);
    }

    /** Finds all functions depth first, numbers the buses, and asks each function what it wants. */
    void enumerate() {
        number(root, host.firstBus(), host.lastBus());
        if (shortOfBuses) {
            keepBuses = false;
            number(root, host.firstBus(), host.lastBus());
        }
        root.last = host.lastBus();
        root.functions.forEach(this::demand);
    }

    /** The same with the bus numbers that the bridges have; what makes no sense is left alone without a word. */
    void adopt() {
        adopting = true;
        adopt(root, host.firstBus(), host.lastBus());
        root.functions.forEach(this::demand);
        adopting = false;
    }

    private void adopt(BusNode bus, int number, int last) {
        bus.number = number;
        bus.last = last;
        for (int device = 0; device < DEVICES; device++) {
            scan(bus, device);
        }
        for (FunctionNode bridge : bus.functions) {
            int secondary = bridge.isBridge() ? bridge.secondaryBus() : 0;
            int subordinate = bridge.isBridge() ? Math.min(bridge.subordinateBus(), last) : 0;
            if (number < secondary && secondary <= subordinate && isFree(bus, secondary, subordinate)) {
                bridge.below = new BusNode(bus.machine, bus.domain, bridge);
                adopt(bridge.below, secondary, subordinate);
            }
        }
    }

    private static boolean isFree(BusNode bus, int first, int last) {
        return bus.functions.stream()
                .map(function -> function.below)
                .allMatch(below -> below == null || last < below.number || below.last < first);
    }

    /** Finds the functions on a bus and gives numbers to all buses behind them; answers the last one in use. */
    private int number(BusNode bus, int number, int last) {
        bus.number = number;
        bus.last = last;
        bus.functions.clear();
        for (int device = 0; device < DEVICES; device++) {
            scan(bus, device);
        }
        int used = number;
        for (FunctionNode function : bus.functions) {
            if (function.isBridge()) {
                used = descend(function, used, last);
            }
        }
        return used;
    }

    private void scan(BusNode bus, int device) {
        FunctionNode first = new FunctionNode(bus, device, 0);
        if (first.present()) {
            bus.functions.add(first);
            for (int number = 1; first.hasSiblings() && number < FUNCTIONS; number++) {
                FunctionNode function = new FunctionNode(bus, device, number);
                if (function.present()) {
                    bus.functions.add(function);
                }
            }
        }
    }

    /** Numbers what is behind a bridge with what comes after {@code used}, and answers the last number in use then. */
    private int descend(FunctionNode bridge, int used, int last) {
        int primary = bridge.bus.number;
        if (used >= last) {
            bridge.setBuses(primary, 0, 0);
            shortOfBuses = true;
            if (!keepBuses) {
                reporter.accept(
                        bridge + ": no bus number is left for what is behind this bridge; it cannot be reached");
            }
            return used;
        }
        if (!bridge.setBuses(primary, used + 1, last)) {
            reporter.accept(bridge + ": this bridge does not take bus numbers; what is behind it is left alone");
            return used;
        }
        bridge.below = new BusNode(bridge.bus.machine, bridge.bus.domain, bridge);
        int end = number(bridge.below, used + 1, last);
        if (keepBuses) {
            end = Math.min(last, end + Reservation.of(bridge).buses());
        }
        bridge.setBuses(primary, used + 1, end);
        bridge.below.last = end;
        return end;
    }

    /** Sizes a function and all below it, and files what they want. */
    private void demand(FunctionNode function) {
        function.size();
        if (!function.isKnown() && !adopting) {
            reporter.accept(function + ": not a plain function; its BARs are left alone");
        }
        function.bars.forEach(this::file);
        if (function.below != null) {
            Reservation reservation = Reservation.of(function);
            for (Window window : function.windows.values()) {
                window.reserve = reservation.of(window.kind);
                window.step = Math.max(window.step, reservation.step(window.kind));
                file(window);
            }
            function.below.functions.forEach(this::demand);
        }
    }

    private void file(Demand demand) {
        Window around = around(demand);
        if (around == null) {
            refuse(demand, "the bridge above has no I/O window");
        } else if (demand.size > LARGEST) {
            refuse(demand, "no machine has so many addresses");
        } else {
            around.children.add(demand);
        }
    }

    /** Where something gets its addresses from, or null. */
    Window around(Demand demand) {
        Window.Kind kind = demand instanceof BarRegister bar ? bar.kind() : ((Window) demand).kind;
        FunctionNode bridge = demand.owner.bus.bridge;
        if (bridge == null) {
            return kind == Window.Kind.PORTS ? ports : memory;
        }
        Window window = bridge.windows.get(kind);
        if (kind != Window.Kind.PREFETCHABLE) {
            return window;
        }
        boolean wide = demand instanceof BarRegister bar ? bar.wide() : ((Window) demand).wide;
        return window != null && (wide || !window.wide) ? window : bridge.windows.get(Window.Kind.MEMORY);
    }

    /** Whether the plan has it within the addresses that can reach it. */
    boolean inside(Demand demand) {
        Window around = around(demand);
        return around != null
                && demand.size > 0
                && (around.owner == null || around.start <= demand.start && demand.last() <= around.last());
    }

    /** Says that something gets no addresses. */
    void refuse(Demand demand, String reason) {
        String name = demand instanceof BarRegister bar ? bar.name() : ((Window) demand).name();
        if (!adopting) {
            reporter.accept(String.format(
                    "%s: no room for %s of 0x%x bytes; it stays off (%s)", demand.owner, name, demand.size, reason));
        }
        demand.out = true;
        demand.start = 0;
    }

    /** All functions, each bridge before what is behind it. */
    List<FunctionNode> functions() {
        List<FunctionNode> all = new ArrayList<>();
        root.collect(all);
        return all;
    }

    /**
     * Takes in functions that have been plugged in, gives numbers to buses behind them out of what their own bus has left,
     * and files what they want.
     *
     * @return the functions that are there, without those behind them
     */
    List<FunctionNode> add(BusNode bus, List<FunctionAddress> plugged) {
        plugged.forEach(this::remove);
        List<FunctionNode> fresh = plugged.stream()
                .map(f -> new FunctionNode(bus, f.device(), f.function()))
                .filter(FunctionNode::present)
                .toList();
        bus.functions.addAll(fresh);
        keepBuses = true;
        for (FunctionNode function : fresh) {
            if (function.isBridge()) {
                int used = used(bus, bus.last);
                keepBuses = used < bus.last;
                descend(function, used, bus.last);
            }
            demand(function);
        }
        return fresh;
    }

    /** The last bus number that is in use on this bus or below it. */
    private static int used(BusNode bus, int last) {
        int used = bus.number;
        for (FunctionNode function : bus.functions) {
            if (function.below != null) {
                used = Math.max(used, function.below.last);
            }
        }
        return Math.min(used, last);
    }

    /** Drops a function with all that is behind it; whether it was known. */
    boolean remove(FunctionAddress address) {
        BusNode bus = root.find(address.bus());
        return bus != null
                && bus.functions.removeIf(function -> {
                    boolean gone = function.device == address.device() && function.number == address.function();
                    if (gone) {
                        function.bars.forEach(this::unfile);
                        function.windows.values().forEach(this::unfile);
                    }
                    return gone;
                });
    }

    private void unfile(Demand demand) {
        Window around = around(demand);
        if (around != null) {
            around.children.remove(demand);
        }
    }
}
