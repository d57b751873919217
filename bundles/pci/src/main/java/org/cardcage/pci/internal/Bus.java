package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.resource.AddressSpaces.Spaces;
import org.cardcage.kernel.resource.Region;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.MachineDescription.HostBridge;
import org.cardcage.pci.PciResource;
import org.slf4j.Logger;

/**
 * A PCI bus (Linux {@code struct pci_bus}): a root, whose windows the firmware's tables tell, or what lies behind a bridge.
 *
 * <p>Threads: changed on the lane of the PCI core, read from any.
 */
final class Bus {

    private final int domain;
    private final int number;
    private volatile int last;
    private final Bus parent;
    private final PciFunction bridge;
    private final List<Bus> children = new CopyOnWriteArrayList<>();
    private final Set<PciFunction> functions = ConcurrentHashMap.newKeySet();
    private final List<Region> memory = new ArrayList<>();
    private final List<Region> ports = new ArrayList<>();

    private Bus(int domain, int number, int last, Bus parent, PciFunction bridge) {
        this.domain = domain;
        this.number = number;
        this.last = last;
        this.parent = parent;
        this.bridge = bridge;
    }

    /** The bus below a host bridge; takes the windows of the host for itself. */
    static Bus root(HostBridge host, Spaces spaces, Logger log) {
        Bus bus = new Bus(host.domain(), host.firstBus(), host.lastBus(), null, null);
        host.ports().forEach(window -> bus.claim(bus.ports, spaces.ports().root(), window, "io ", log));
        host.memory().forEach(window -> bus.claim(bus.memory, spaces.memory().root(), window, "mem", log));
        log.info("root bus resource [bus {}]", bus.numbers());
        return bus;
    }

    private void claim(List<Region> windows, Region space, AddressRange window, String kind, Logger log) {
        try {
            Region region = space.claim(window, resourceName());
            windows.add(region);
            log.info("root bus resource [{} {} window]", kind, region);
        } catch (KernelException e) {
            log.error("root bus resource [{} {} window] is left out: {}", kind, window, e.detail());
        }
    }

    /** The bus behind a bridge that sits on this one, with new numbers. */
    Bus addBehind(PciFunction child, int secondary, int subordinate) {
        children.removeIf(bus -> bus.bridge == child);
        Bus bus = new Bus(domain, secondary, subordinate, this, child);
        children.add(bus);
        return bus;
    }

    int domain() {
        return domain;
    }

    int number() {
        return number;
    }

    /** The last bus number that leads here. */
    int last() {
        return last;
    }

    /** Other numbers lead here than before. */
    void setLast(int number) {
        last = number;
    }

    /** The highest bus number that is in use here. */
    int highest() {
        int highest = number;
        for (Bus child : children) {
            highest = Math.max(highest, child.last);
        }
        return highest;
    }

    /** The bus behind a bridge that sits on this one, or null. */
    Bus behind(PciFunction child) {
        for (Bus bus : children) {
            if (bus.bridge == child) {
                return bus;
            }
        }
        return null;
    }

    Bus parent() {
        return parent;
    }

    /** The bridge that leads here; null for a root. */
    PciFunction bridge() {
        return bridge;
    }

    /** A function on it has been published. */
    void add(PciFunction function) {
        functions.add(function);
    }

    /** A function on it has gone, and with a bridge the bus behind it. */
    void remove(PciFunction function) {
        functions.remove(function);
        children.removeIf(child -> child.bridge == function);
    }

    /** Whether there is no other function on it. */
    boolean hasOnly(PciFunction function) {
        return functions.stream().allMatch(f -> f == function);
    }

    List<Bus> children() {
        return new ArrayList<>(children);
    }

    /** A child that has one of these numbers, or null. */
    Bus childWith(int first, int end) {
        for (Bus child : children) {
            if (child.number <= end && first <= child.last) {
                return child;
            }
        }
        return null;
    }

    /** Whether only device 0 can be on it (Linux {@code only_one_child}). */
    boolean hasOneSlot() {
        return bridge != null && bridge.isExpressDownstream();
    }

    /** As the kernel prints it, {@code 0000:01}. */
    String name() {
        return String.format("%04x:%02x", domain, number);
    }

    /** As its numbers are printed, {@code 01-02}, or {@code 02} alone. */
    String numbers() {
        return numbers(number, last);
    }

    static String numbers(int first, int end) {
        return first == end ? String.format("%02x", first) : String.format("%02x-%02x", first, end);
    }

    /** Its name in {@code /proc/iomem}. */
    String resourceName() {
        return "PCI Bus " + name();
    }

    /**
     * The window that something on this bus must be in, or null if there is none that suits (Linux {@code
     * pci_find_parent_resource}).
     */
    Region windowFor(PciResource wanted) {
        if (bridge == null) {
            return innermost(wanted.io() ? ports : memory, wanted);
        }
        Region window = bridge.regions().windowFor(wanted);
        return window == null && bridge.isTransparent() ? parent.windowFor(wanted) : window;
    }

    private static Region innermost(List<Region> windows, PciResource wanted) {
        for (Region window : windows) {
            if (window.covers(wanted.start(), wanted.range().last())) {
                return window;
            }
        }
        return null;
    }
}
