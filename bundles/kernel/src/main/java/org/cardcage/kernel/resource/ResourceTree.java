package org.cardcage.kernel.resource;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.machine.AddressRange;

/**
 * An address space and who has which part of it (Linux {@code iomem_resource} and {@code ioport_resource}). The hardware's
 * own regions nest; drivers request theirs inside, as the innermost ones.
 *
 * <p>Threads: any; {@code this} guards the regions.
 */
public final class ResourceTree {

    /** Deeper levels are not indented further (Linux {@code MAX_IORES_LEVEL}). */
    private static final int MAX_INDENT = 5;

    private final Region root;
    private final int digits;

    /**
     * @param name for messages, as in {@code PCI mem}
     * @param last the last address, unsigned
     */
    public ResourceTree(String name, long last) {
        root = new Region(this, name, false, 0, last);
        digits = Long.compareUnsigned(last, 0xffff) <= 0 ? 4 : 8;
    }

    /** The whole space. */
    public Region root() {
        return root;
    }

    /**
     * Requests a range for a driver (Linux {@code request_mem_region} and {@code request_region}): inside the innermost
     * region of the hardware that has all of it.
     *
     * @param owner as shown in {@code /proc/iomem}
     * @throws KernelException EBUSY, naming the owner, if a driver has a part of it or a region of the hardware has only a
     *     part of it
     */
    public synchronized Region request(AddressRange range, String owner) {
        Region parent = root;
        while (true) {
            Region other = parent.childAt(range.start(), range.last(), null);
            if (other == null) {
                return add(parent, range, owner, true);
            }
            if (other.isBusy() || !other.covers(range.start(), range.last())) {
                throw conflict(range, other);
            }
            parent = other;
        }
    }

    synchronized Region claim(Region parent, AddressRange range, String owner) {
        Region other =
                parent.covers(range.start(), range.last()) ? parent.childAt(range.start(), range.last(), null) : parent;
        if (other != null) {
            throw conflict(range, other);
        }
        return add(parent, range, owner, false);
    }

    private Region add(Region parent, AddressRange range, String owner, boolean busy) {
        Region region = new Region(this, owner, busy, range.start(), range.last());
        parent.add(region);
        return region;
    }

    private KernelException conflict(AddressRange range, Region other) {
        String wanted = format(range.start()) + "-" + format(range.last());
        return new KernelException(Errno.EBUSY, wanted + " is taken: " + other + " belongs to " + other.name());
    }

    String format(long address) {
        return String.format("0x%0" + digits + "x", address);
    }

    synchronized void lift(Region region) {
        Region parent = region.parent();
        if (parent != null) {
            parent.remove(region);
        }
    }

    synchronized void place(Region region, Region parent, AddressRange range) {
        long[] extent = region.extent();
        boolean tooSmall = extent != null
                && (Long.compareUnsigned(extent[0], range.start()) < 0
                        || Long.compareUnsigned(range.last(), extent[1]) < 0);
        Region other = tooSmall
                ? region
                : parent.covers(range.start(), range.last())
                        ? parent.childAt(range.start(), range.last(), region)
                        : parent;
        if (other != null) {
            throw conflict(range, other);
        }
        lift(region);
        region.move(range.start(), range.last());
        parent.add(region);
    }

    synchronized void release(Region region) {
        Region parent = region.parent();
        if (parent != null) {
            List<Region> orphans = new ArrayList<>(region.inside());
            orphans.forEach(region::remove);
            parent.remove(region);
            orphans.forEach(parent::add);
        }
    }

    /** The text of {@code /proc/iomem} or {@code /proc/ioports}. */
    public synchronized String describe() {
        StringBuilder text = new StringBuilder();
        root.inside().forEach(child -> describe(child, 0, text));
        return text.toString();
    }

    private void describe(Region region, int level, StringBuilder text) {
        String number = "%0" + digits + "x";
        text.append("  ".repeat(Math.min(level, MAX_INDENT)))
                .append(String.format(number + "-" + number, region.start(), region.last()))
                .append(" : ")
                .append(region.name())
                .append('\n');
        region.inside().forEach(child -> describe(child, level + 1, text));
    }
}
