package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.resource.Region;
import org.cardcage.pci.PciResource;

/**
 * The addresses of one function: what it decodes and which of it is its own.
 *
 * <p>Threads: any. {@code this} guards the maps; {@code resources} is replaced as a whole, by the
 * lane of the PCI core.
 */
final class FunctionRegions {

    private final PciFunction function;
    private final Map<Integer, Region> claimed = new HashMap<>();
    /** Windows that have lost their place, with what is inside, and have not found another one yet. */
    private final Map<Integer, Region> lifted = new HashMap<>();

    private volatile List<PciResource> resources;

    FunctionRegions(PciFunction function, List<PciResource> resources) {
        this.function = function;
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

    /**
     * Firmware may have given the windows of a bridge other addresses. Those that have moved or are closed leave the tree with
     * all that is inside, so that none is in another one's way; {@link #placeWindows} must follow.
     */
    synchronized void liftWindows(List<PciResource> windows) {
        for (int index : List.of(PciResource.IO_WINDOW, PciResource.MEMORY_WINDOW, PciResource.PREFETCHABLE_WINDOW)) {
            Region region = claimed.get(index);
            boolean stays = windows.stream().anyMatch(w -> w.bar() == index && isAt(region, w));
            if (region != null && !stays) {
                region.lift();
                claimed.remove(index);
                lifted.put(index, region);
            }
        }
    }

    private static boolean isAt(Region region, PciResource window) {
        return region != null
                && region.start() == window.start()
                && region.last() == window.range().last();
    }

    /** Those that have left the tree, and those that are new, get their places; what cannot is tried again the next time. */
    void placeWindows(Bus bus, List<PciResource> windows, String windowName) {
        List<PciResource> kept = new ArrayList<>();
        resources.stream().filter(r -> !r.isWindow()).forEach(kept::add);
        for (PciResource window : windows) {
            Region present = claimedRegion(window.bar());
            Region moved = liftedRegion(window.bar());
            if (present != null) {
                kept.add(window);
            } else {
                kept.add(moved == null ? claim(bus, window, windowName) : place(bus, window, moved));
            }
        }
        resources = List.copyOf(kept);
    }

    private synchronized Region liftedRegion(int index) {
        return lifted.get(index);
    }

    private PciResource place(Bus bus, PciResource window, Region region) {
        Region parent = bus.windowFor(window);
        try {
            if (parent == null) {
                throw new KernelException(Errno.EINVAL, "no compatible bridge window");
            }
            region.place(parent, window.range());
            synchronized (this) {
                lifted.remove(window.bar());
                claimed.put(window.bar(), region);
            }
            return window;
        } catch (KernelException e) {
            function.log().info("{} {}: can't claim; {}", window.name(), window, e.detail());
            return window.unassigned();
        }
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

    /** The function has gone: others may have its addresses. */
    void abandon() {
        List<Region> all;
        synchronized (this) {
            all = new ArrayList<>(claimed.values());
            claimed.clear();
            lifted.clear();
        }
        all.forEach(Region::release);
    }
}
