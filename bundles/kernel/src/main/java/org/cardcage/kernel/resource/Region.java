package org.cardcage.kernel.resource;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.cardcage.kernel.KernelException;
import org.cardcage.machine.AddressRange;

/**
 * A range of addresses that somebody has, and what others have inside it (Linux {@code struct resource}).
 *
 * <p>Threads: any. The lock of the tree guards everything but the name and whether it is busy.
 */
public final class Region {

    private final ResourceTree tree;
    private final String name;
    private final boolean busy;
    private long start;
    private long last;
    private Region parent;
    /** By first address, unsigned; null as long as there is none, since most regions stay leaves. */
    private NavigableMap<Long, Region> children;

    Region(ResourceTree tree, String name, boolean busy, long start, long last) {
        this.tree = tree;
        this.name = name;
        this.busy = busy;
        this.start = start;
        this.last = last;
    }

    /** Whose it is, as shown in {@code /proc/iomem}. */
    public String name() {
        return name;
    }

    /** Whether it belongs to a driver, so that nobody gets anything inside it (Linux {@code IORESOURCE_BUSY}). */
    public boolean isBusy() {
        return busy;
    }

    /** First address, unsigned. */
    public long start() {
        synchronized (tree) {
            return start;
        }
    }

    /** Last address, unsigned. */
    public long last() {
        synchronized (tree) {
            return last;
        }
    }

    /**
     * Gives a part of it to somebody (Linux {@code request_resource}).
     *
     * @throws KernelException EBUSY, naming the owner, if the range is not wholly inside or somebody has a part of it
     */
    public Region claim(AddressRange range, String owner) {
        return tree.claim(this, range, owner);
    }

    /**
     * Takes it out of the tree with all that is inside, so that others can have its addresses, until {@link #place}. Doing so
     * twice changes nothing.
     */
    public void lift() {
        tree.lift(this);
    }

    /**
     * Makes it another range, perhaps in another region; what is inside stays (Linux {@code adjust_resource}).
     *
     * @param parent of the same tree
     * @throws KernelException EBUSY, and nothing has changed, if something inside would lie outside, or it would meet a
     *     neighbour or leave its parent
     */
    public void place(Region parent, AddressRange range) {
        tree.place(this, parent, range);
    }

    /** Gives it back; what is inside falls to the parent. Doing so twice changes nothing. */
    public void release() {
        tree.release(this);
    }

    Region parent() {
        return parent;
    }

    Collection<Region> inside() {
        return children == null ? Collections.emptyList() : children.values();
    }

    /** Whether all addresses from {@code first} to {@code end} lie inside. */
    public boolean covers(long first, long end) {
        return Long.compareUnsigned(start, first) <= 0 && Long.compareUnsigned(end, last) <= 0;
    }

    /** A child other than {@code self} that has an address of the range, or null. */
    Region childAt(long first, long end, Region self) {
        if (children == null) {
            return null;
        }
        for (Region child : children.headMap(end, true).descendingMap().values()) {
            if (Long.compareUnsigned(child.last, first) < 0) {
                return null; // children do not overlap, so none before this one reaches further
            }
            if (child != self) {
                return child;
            }
        }
        return null;
    }

    void add(Region child) {
        if (children == null) {
            children = new TreeMap<>(Long::compareUnsigned);
        }
        child.parent = this;
        children.put(child.start, child);
    }

    void remove(Region child) {
        children.remove(child.start);
        if (children.isEmpty()) {
            children = null;
        }
        child.parent = null;
    }

    void move(long first, long end) {
        start = first;
        last = end;
    }

    /** The range that the things inside need, or null. */
    long[] extent() {
        if (children == null) {
            return null;
        }
        Map.Entry<Long, Region> first = children.firstEntry();
        return new long[] {first.getKey(), children.lastEntry().getValue().last};
    }

    /** As Linux prints a resource without its kind, {@code 0xfea00000-0xfeafffff}. */
    @Override
    public String toString() {
        synchronized (tree) {
            return tree.format(start) + "-" + tree.format(last);
        }
    }
}
