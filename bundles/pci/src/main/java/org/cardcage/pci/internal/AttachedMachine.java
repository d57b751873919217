package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardcage.kernel.Kernel;
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

    private final PciCore core;
    private final Kernel kernel;
    private final Machine machine;
    private final Map<Long, Bus> roots = new LinkedHashMap<>();

    AttachedMachine(PciCore core, Kernel kernel, Machine machine) {
        this.core = core;
        this.kernel = kernel;
        this.machine = machine;
    }

    Machine machine() {
        return machine;
    }

    @Override
    public void plugged(FunctionAddress function) {
        core.post(this, () -> scanSlot(function));
    }

    @Override
    public void gone(FunctionAddress function) {
        core.post(this, () -> known(function).ifPresent(core::removeGone));
    }

    @Override
    public void ejectWanted(FunctionAddress function) {
        core.post(this, () -> known(function).ifPresent(core::ejectWanted));
    }

    @Override
    public void wakeRequested(FunctionAddress function) {
        core.post(this, () -> known(function).ifPresent(core::wakeRequested));
    }

    @Override
    public void errorReported(FunctionAddress function, ErrorSeverity severity) {
        core.post(this, () -> known(function).ifPresent(f -> core.errorReported(f, severity)));
    }

    @Override
    public void windowsMoved(FunctionAddress bridge) {
        core.post(this, () -> roots.values().forEach(root -> updateWindows(root, Set.of())));
    }

    /** Finds what is there and returns what is new; what is known already stays as it is. */
    List<PciFunction> scan() {
        List<PciFunction> found = new ArrayList<>();
        for (HostBridge host : machine.description().hostBridges()) {
            found.addAll(new PciScanner(this).scan(root(host)));
        }
        Set<PciFunction> added = new HashSet<>(found);
        roots.values().forEach(root -> updateWindows(root, added));
        publish(found);
        return found;
    }

    /** Firmware may have moved the windows of bridges that are known already. */
    private void updateWindows(Bus bus, Set<PciFunction> except) {
        for (Bus child : bus.children()) {
            if (!except.contains(child.bridge())) {
                updateWindow(child);
            }
            updateWindows(child, except);
        }
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
            return;
        }
        updatePath(bus);
        publish(new PciScanner(this).scan(bus, function.device()));
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

    /** From the root down, since what is inside a window cannot grow before it. */
    private void updatePath(Bus bus) {
        if (bus.bridge() != null) {
            updatePath(bus.parent());
            updateWindow(bus);
        }
    }

    private static void updateWindow(Bus bus) {
        PciFunction bridge = bus.bridge();
        PciConfig config = bridge.config();
        if (!config.answers()) {
            return; // pulled, of which it is told in its turn
        }
        List<PciResource> windows = new BridgeReader(config).windows();
        bridge.regions().updateWindows(bus.parent(), windows, bus.resourceName());
    }

    /** Functions get their addresses, bridges before what is behind them, and then their drivers. */
    private void publish(List<PciFunction> found) {
        found.forEach(this::claim);
        found.forEach(core::publish);
    }

    private void claim(PciFunction function) {
        Bus behind = function.bus().children().stream()
                .filter(child -> child.bridge() == function)
                .findFirst()
                .orElse(null);
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
        return core.function(address).filter(function -> function.isOn(machine));
    }

    @Override
    public Optional<PciFunction> find(Bus bus, FunctionAddress address) {
        boolean answers = new PciConfig(machine, address, () -> false).answers();
        if (!answers || !core.mayUse(this, address)) {
            return Optional.empty();
        }
        return PciFunction.find(kernel, machine, bus, address);
    }
}
