package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.kobject.AttributeGroup;
import org.cardcage.machine.ErrorSeverity;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;
import org.cardcage.machine.MachineDescription.HostBridge;
import org.cardcage.machine.MachineListener;
import org.cardcage.pci.PciResource;
import org.slf4j.Logger;

/**
 * A machine in use: its buses and its events.
 *
 * <p>Threads: events come from any and are worked off on the lane of the core; everything else runs there.
 */
final class AttachedMachine implements MachineListener, PciScanner.Finder {

    private final PciTopology topology;
    private final Kernel kernel;
    private final Machine machine;
    private final Map<Long, Bus> roots = new LinkedHashMap<>();
    /** Bridges with the number of resets under way of the bus behind them. */
    private final Map<PciFunction, Integer> inReset = new HashMap<>();

    AttachedMachine(PciTopology topology, Kernel kernel, Machine machine) {
        this.topology = topology;
        this.kernel = kernel;
        this.machine = machine;
    }

    Machine machine() {
        return machine;
    }

    /** What its functions show in {@code /sys}. */
    AttributeGroup<PciFunction> attributes() {
        return topology.attributes();
    }

    @Override
    public void plugged(FunctionAddress function) {
        topology.post(this, () -> scanSlot(function));
    }

    @Override
    public void gone(FunctionAddress function) {
        topology.post(this, () -> known(function).ifPresent(topology::removeGone));
    }

    @Override
    public void ejectWanted(FunctionAddress function) {
        topology.post(this, () -> known(function).ifPresent(topology.events()::ejectWanted));
    }

    @Override
    public void wakeRequested(FunctionAddress function) {
        topology.post(this, () -> known(function).ifPresent(topology.events()::wakeRequested));
    }

    @Override
    public void errorReported(FunctionAddress function, ErrorSeverity severity) {
        topology.post(
                this, () -> known(function).ifPresent(f -> topology.events().errorReported(f, severity)));
    }

    @Override
    public void windowsMoved(FunctionAddress bridge) {
        topology.post(this, () -> updateWindows(bridges(Set.of())));
    }

    /** Finds what is there and returns what is new; what is known already stays as it is. */
    List<PciFunction> scan() {
        List<PciFunction> found = new ArrayList<>();
        for (HostBridge host : machine.description().hostBridges()) {
            found.addAll(new PciScanner(this).scan(root(host)));
        }
        Set<PciFunction> added = new HashSet<>(found);
        updateWindows(bridges(added));
        publish(found);
        return found;
    }

    /** The buses behind bridges, each before those behind it. */
    private List<Bus> bridges(Set<PciFunction> except) {
        List<Bus> all = new ArrayList<>();
        roots.values().forEach(root -> addBridges(root, except, all));
        return all;
    }

    private static void addBridges(Bus bus, Set<PciFunction> except, List<Bus> all) {
        for (Bus child : bus.children()) {
            if (!except.contains(child.bridge())) {
                all.add(child);
            }
            addBridges(child, except, all);
        }
    }

    /**
     * Firmware may have moved the windows of bridges that are known already. First all make way, then all get their places.
     *
     * @param buses those behind them, each before those behind it, since what is inside a window cannot be placed before it
     */
    private void updateWindows(List<Bus> buses) {
        Map<Bus, List<PciResource>> windows = new LinkedHashMap<>();
        for (Bus bus : buses) {
            PciFunction bridge = bus.bridge();
            // what is being reset, or is gone and we do not know it yet, shows nothing or nonsense
            if (!isInReset(bus.parent()) && bridge.config().answers()) {
                windows.put(bus, new BridgeReader(bridge.config()).windows());
            }
        }
        windows.forEach((bus, open) -> bus.bridge().regions().liftWindows(open));
        windows.forEach((bus, open) -> bus.bridge().regions().placeWindows(bus.parent(), open, bus.resourceName()));
    }

    private Bus root(HostBridge host) {
        return roots.computeIfAbsent((long) host.domain() << 8 | host.firstBus(), key -> {
            kernel.logger("pci")
                    .info("PCI host bridge to bus {}", String.format("%04x:%02x", host.domain(), host.firstBus()));
            Logger log = kernel.logger(String.format("pci_bus %04x:%02x", host.domain(), host.firstBus()));
            return Bus.root(host, kernel.addressSpaces().of(machine), log);
        });
    }

    private void scanSlot(FunctionAddress function) {
        Bus bus = busOf(function);
        if (bus == null) {
            scan(); // the bridge above may have got its bus numbers just now
        } else if (!isInReset(bus)) {
            updateWindows(path(bus));
            publish(new PciScanner(this).scan(bus, function.device()));
        }
    }

    private Bus busOf(FunctionAddress function) {
        for (Bus root : roots.values()) {
            Bus bus = root;
            while (bus != null && bus.domain() == function.domain()) {
                if (bus.number() == function.bus()) {
                    return bus;
                }
                bus = bus.childWith(function.bus(), function.bus());
            }
        }
        return null;
    }

    /** The bus and those above it, but for the root, from the root down. */
    private static List<Bus> path(Bus bus) {
        List<Bus> path = new ArrayList<>();
        for (Bus each = bus; each.bridge() != null; each = each.parent()) {
            path.add(0, each);
        }
        return path;
    }

    /**
     * Has the bus behind a bridge reset. Since nothing answers there meanwhile, nobody looks; what has been plugged in by then
     * is found afterwards. Waits for the end.
     *
     * @param reset resets it and puts back the configuration of those that are known; not run on the lane
     */
    void whileInReset(PciFunction bridge, Runnable reset) {
        topology.onLaneUninterruptibly(() -> inReset.merge(bridge, 1, Integer::sum));
        try {
            reset.run();
        } finally {
            topology.post(this, () -> resetEnded(bridge));
        }
    }

    private void resetEnded(PciFunction bridge) {
        inReset.computeIfPresent(bridge, (b, resets) -> resets > 1 ? resets - 1 : null);
        if (known(bridge.address()).filter(there -> there == bridge).isPresent() && !isInReset(bridge.bus())) {
            updateWindows(bridges(Set.of()));
            publish(new PciScanner(this).scanBehind(bridge));
        }
    }

    /** Whether it, or a bus above it, is being reset. */
    private boolean isInReset(Bus bus) {
        return path(bus).stream().anyMatch(each -> isInReset(each.bridge()));
    }

    @Override
    public boolean isInReset(PciFunction bridge) {
        return inReset.containsKey(bridge);
    }

    /** Functions get their addresses, bridges before what is behind them, and then their drivers. */
    private void publish(List<PciFunction> found) {
        found.forEach(this::claim);
        found.forEach(topology::publish);
    }

    private void claim(PciFunction function) {
        Bus behind = function.bus().behind(function);
        function.regions().claim(function.bus(), behind == null ? function.name() : behind.resourceName());
        if (behind != null) {
            function.log().info("PCI bridge to [bus {}]", behind.numbers());
            function.decodes().stream()
                    .filter(r -> r.isWindow() && r.isAssigned())
                    .forEach(r -> function.log().info("  {} {}", r.name(), r));
        }
    }

    @Override
    public Optional<PciFunction> known(FunctionAddress address) {
        return topology.function(address).filter(function -> function.isOn(machine));
    }

    @Override
    public Optional<PciFunction> find(Bus bus, FunctionAddress address) {
        boolean answers = new PciConfig(machine, address, () -> false).answers();
        if (!answers || !topology.mayUse(this, address)) {
            return Optional.empty();
        }
        return PciFunction.find(kernel, this, bus, address);
    }
}
