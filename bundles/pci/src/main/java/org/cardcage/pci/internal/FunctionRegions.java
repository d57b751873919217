package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Resources;
import org.cardcage.kernel.resource.AddressSpaces.Spaces;
import org.cardcage.kernel.resource.Region;
import org.cardcage.kernel.resource.ResourceTree;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Machine;
import org.cardcage.pci.PciResource;

/**
 * The addresses of one function: what it decodes, which of it is its own, what its driver has requested and mapped.
 *
 * <p>Threads: any. {@code this} guards {@code claimed} and {@code requested}; {@code resources} is replaced as a whole, by the
 * lane of the PCI core.
 */
final class FunctionRegions {

    private final PciFunction function;
    private final Machine machine;
    private final Spaces spaces;
    private final int romRegister;
    private final Map<Integer, Region> claimed = new HashMap<>();
    private final Map<Integer, Region> requested = new HashMap<>();
    private final List<IoMemory> mappings = new CopyOnWriteArrayList<>();
    private volatile List<PciResource> resources;

    FunctionRegions(
            PciFunction function, Machine machine, Spaces spaces, int romRegister, List<PciResource> resources) {
        this.function = function;
        this.machine = machine;
        this.spaces = spaces;
        this.romRegister = romRegister;
        this.resources = List.copyOf(resources);
    }

    /** Base address registers, ROM and windows, by index. */
    List<PciResource> all() {
        return resources;
    }

    Optional<PciResource> find(int index) {
        return resources.stream().filter(r -> r.bar() == index).findFirst();
    }

    /** Makes what firmware has assigned its own, so that it is seen who has it (Linux {@code pci_claim_resource}). */
    void claim(Bus bus, String windowName) {
        List<PciResource> kept = new ArrayList<>();
        for (PciResource resource : resources) {
            kept.add(claim(bus, resource, resource.isWindow() ? windowName : function.name()));
        }
        resources = List.copyOf(kept);
    }

    private PciResource claim(Bus bus, PciResource resource, String owner) {
        if (!resource.isAssigned()) {
            return resource;
        }
        Region window = bus.windowFor(resource);
        if (window == null) {
            function.log().info("{} {}: can't claim; no compatible bridge window", resource.name(), resource);
            return resource.unassigned();
        }
        try {
            Region region = window.claim(resource.range(), owner);
            synchronized (this) {
                claimed.put(resource.bar(), region);
            }
            return resource;
        } catch (KernelException e) {
            function.log().info("{} {}: can't claim; {}", resource.name(), resource, e.detail());
            return resource.unassigned();
        }
    }

    /** The registers have lost their addresses. */
    void writeBases(PciConfig config) {
        for (PciResource resource : resources) {
            if (resource.bar() < PciResource.ROM && resource.isAssigned()) {
                int offset = BASE_ADDRESS_0 + 4 * resource.bar();
                config.write(offset, 4, (int) resource.start());
                if (resource.wide()) {
                    config.write(offset + 4, 4, (int) (resource.start() >>> 32));
                }
            }
        }
    }

    /** Firmware may have moved the windows of a bridge to make room for a card. */
    void updateWindows(Bus bus, List<PciResource> windows, String windowName) {
        List<PciResource> kept = new ArrayList<>();
        resources.stream().filter(r -> !r.isWindow()).forEach(kept::add);
        resources.stream().filter(PciResource::isWindow).forEach(window -> releaseIfClosed(window.bar(), windows));
        for (PciResource window : windows) {
            Region present = claimedRegion(window.bar());
            if (present == null) {
                kept.add(claim(bus, window, windowName));
            } else {
                kept.add(moved(bus, window, present, windowName));
            }
        }
        resources = List.copyOf(kept);
    }

    /** Others may have what a window without anything inside has left. */
    private void releaseIfClosed(int index, List<PciResource> open) {
        Region present = claimedRegion(index);
        if (present != null && present.isLeaf() && open.stream().noneMatch(window -> window.bar() == index)) {
            release(index);
        }
    }

    private PciResource moved(Bus bus, PciResource window, Region present, String windowName) {
        if (present.isLeaf()) {
            release(window.bar());
            return claim(bus, window, windowName);
        }
        try {
            present.resize(window.range());
            return window;
        } catch (KernelException e) {
            function.log().info("{} {}: can't claim; {}", window.name(), window, e.detail());
            return find(window.bar()).orElseThrow();
        }
    }

    private void release(int index) {
        Region region;
        synchronized (this) {
            region = claimed.remove(index);
        }
        region.release();
    }

    /** The window of this bridge that something behind it must be in, or null (Linux {@code pci_find_parent_resource}). */
    Region windowFor(PciResource wanted) {
        long end = wanted.range().last();
        for (PciResource window : resources) {
            // what has side effects must not be read ahead
            boolean suits = window.isWindow()
                    && window.io() == wanted.io()
                    && (wanted.prefetchable() || !window.prefetchable());
            Region region = suits ? claimedRegion(window.bar()) : null;
            if (region != null && region.covers(wanted.start(), end)) {
                return region;
            }
        }
        return null;
    }

    private synchronized Region claimedRegion(int index) {
        return claimed.get(index);
    }

    /** Requests a region for the driver. */
    void request(PciResource resource, String owner) {
        ResourceTree space = resource.io() ? spaces.ports() : spaces.memory();
        Region region;
        try {
            region = space.request(resource.range(), owner);
        } catch (KernelException e) {
            function.log().warn("{}: can't reserve {}", resource.name(), resource);
            throw new KernelException(e.errno(), resource.name() + " of " + function.name() + ": " + e.detail());
        }
        synchronized (this) {
            requested.put(resource.bar(), region);
        }
        function.resources()
                .manage(Resources.Phase.MEMORY, "region of " + resource.name(), () -> unrequest(resource.bar()));
    }

    /** Gives the region back; does nothing if it is not requested. */
    void unrequest(int index) {
        Region region;
        synchronized (this) {
            region = requested.remove(index);
        }
        if (region != null) {
            region.release();
        }
    }

    /** The assigned resource with this index. */
    PciResource assigned(int index) {
        PciResource resource = find(index)
                .orElseThrow(() -> new KernelException(
                        Errno.EINVAL,
                        function.name() + " has no " + (index == PciResource.ROM ? "ROM" : "BAR " + index)));
        if (!resource.isAssigned()) {
            throw new KernelException(
                    Errno.EINVAL, resource.name() + " " + resource + " of " + function.name() + " has no address");
        }
        return resource;
    }

    IoMemory map(PciResource resource) {
        IoMemory memory = resource.io()
                ? machine.mapPorts((int) resource.start(), (int) resource.length())
                : machine.map(resource.start(), resource.length());
        return mapped(resource, memory, () -> {});
    }

    /** Maps the ROM, which decodes only while it is mapped. */
    IoMemory mapRom(PciConfig config) {
        PciResource rom = assigned(PciResource.ROM);
        IoMemory memory = machine.map(rom.start(), rom.length());
        config.write(romRegister, 4, (int) rom.start() | ROM_ENABLE);
        return mapped(rom, memory, () -> config.write(romRegister, 4, (int) rom.start()));
    }

    private IoMemory mapped(PciResource resource, IoMemory memory, Runnable afterwards) {
        mappings.add(memory);
        Runnable revoke = () -> memory.revoke(
                () -> new KernelException(Errno.ENODEV, resource.name() + " of " + function.name() + " is unmapped"));
        function.resources().manage(Resources.Phase.MEMORY, "mapping of " + resource.name(), revoke, () -> {
            revoke.run();
            mappings.remove(memory);
            afterwards.run();
        });
        if (function.isGone()) {
            memory.disconnect();
        }
        return memory;
    }

    /** The function has gone: what answers at its addresses from now on is not it, and others may have them. */
    void abandon() {
        mappings.forEach(IoMemory::disconnect);
        List<Region> all = new ArrayList<>();
        synchronized (this) {
            all.addAll(requested.values());
            all.addAll(claimed.values());
            requested.clear();
            claimed.clear();
        }
        all.forEach(Region::release);
    }
}
