package org.cardcage.firmware.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * Addresses that a bridge passes on (PCI-to-PCI Bridge 1.2 sections 3.2.5.6 to 3.2.5.10), or those of a host bridge, which
 * has no registers. Not for use by several threads.
 */
final class Window extends Demand {

    /** The three windows of a bridge. */
    enum Kind {
        PORTS(0x1c, 0x1000, "I/O"),
        MEMORY(0x20, 0x10_0000, "memory"),
        PREFETCHABLE(0x24, 0x10_0000, "prefetchable memory");

        final int register;
        /** Unit of addresses and sizes in bytes. */
        final long granule;

        final String title;

        Kind(int register, long granule, String title) {
            this.register = register;
            this.granule = granule;
            this.title = title;
        }
    }

    private static final int UPPER_BASE = 0x28;
    private static final int UPPER_LIMIT = 0x2c;
    private static final int UPPER_PORTS = 0x30;
    private static final int CLOSED_PORTS = 0x00f0;
    private static final int CLOSED_MEMORY = 0x0000_fff0;
    private static final int ALL_PORTS = 0xf0f0;
    private static final int ALL_MEMORY = 0xfff0_fff0;
    private static final long LOW = 0xffff_ffffL;
    private static final long HIGHEST_PORT = 0xffff;

    final Kind kind;
    /** Whether it reaches above 4 GiB, for which all that is inside must do so too. */
    final boolean wide;

    final List<Demand> children = new ArrayList<>();
    /** Bytes to keep for what is plugged in later. */
    long reserve;
    /** Bytes of which its size is a multiple, while anything is kept for later. */
    long step;

    private long writtenStart;
    private long writtenSize;

    Window(FunctionNode owner, Kind kind, boolean wide) {
        super(owner);
        this.kind = kind;
        this.wide = wide;
        align = kind.granule;
        step = kind.granule;
    }

    /** The window of a bridge as it is, or null if the bridge lacks it. */
    static Window find(FunctionNode bridge, Kind kind) {
        if (kind == Kind.MEMORY) {
            return new Window(bridge, kind, false);
        }
        boolean ports = kind == Kind.PORTS;
        int size = ports ? 2 : 4;
        int before = bridge.read(kind.register, size);
        bridge.write(kind.register, size, ports ? ALL_PORTS : ALL_MEMORY);
        int answer = bridge.read(kind.register, size);
        bridge.write(kind.register, size, before);
        boolean there = (answer & (ports ? ALL_PORTS : ALL_MEMORY)) != 0;
        return there ? new Window(bridge, kind, !ports && (answer & 0xf) == 1) : null;
    }

    @Override
    boolean io() {
        return kind == Kind.PORTS;
    }

    @Override
    long limit() {
        return kind == Kind.PORTS ? HIGHEST_PORT : wide ? Long.MAX_VALUE : LOW;
    }

    @Override
    boolean anchored() {
        return !out && (pinned || children.stream().anyMatch(Demand::anchored));
    }

    @Override
    void moveTo(long address) {
        super.moveTo(address);
        for (Demand child : children) {
            if (child.wants()) {
                child.moveTo(address + child.offset);
            }
        }
    }

    /** Keeps nothing for later, here and inside; whether that was different before. */
    boolean dropReserves() {
        boolean any = reserve > 0;
        reserve = 0;
        step = kind.granule;
        for (Demand child : children) {
            any |= child instanceof Window inner && inner.dropReserves();
        }
        return any;
    }

    /** Lays out what is inside as a block, without gaps but for alignment, and knows then how much it wants. */
    void measure() {
        for (Demand child : children) {
            if (child instanceof Window window) {
                window.measure();
            }
        }
        size = 0;
        align = step;
        layOut(children);
        size = Math.max(size, reserve) + step - 1 & -step;
    }

    /** Adds these to the block. */
    void layOut(List<Demand> demands) {
        for (Demand child : demands.stream().sorted(HARDEST_FIRST).toList()) {
            if (child.wants()) {
                child.offset = size + child.align - 1 & -child.align;
                size = child.offset + child.size;
                align = Math.max(align, child.align);
            }
        }
    }

    long roundUp(long address) {
        return address + kind.granule - 1 & -kind.granule;
    }

    long roundDown(long address) {
        return address & -kind.granule;
    }

    @Override
    void read() {
        long first;
        long last;
        if (kind == Kind.PORTS) {
            int raw = owner.read(kind.register, 2);
            first = (raw & 0xf0L) << 8;
            last = raw & 0xf000L | 0xfff;
        } else {
            long raw = owner.read(kind.register, 4);
            first = (raw & 0xfff0) << 16;
            last = raw & 0xfff0_0000L | 0xf_ffff;
            if (wide) {
                first |= (long) owner.read(UPPER_BASE, 4) << 32;
                last |= (long) owner.read(UPPER_LIMIT, 4) << 32;
            }
        }
        boolean open = first > 0 && first < last;
        writtenStart = open ? first : 0;
        writtenSize = open ? last - first + 1 : 0;
        restore();
    }

    @Override
    void restore() {
        start = writtenStart;
        size = writtenSize;
        out = false;
    }

    @Override
    long current() {
        // what has grown around something that was pinned may lie where the block could not
        return writtenSize == size && (writtenStart & align - 1) == 0 ? writtenStart : 0;
    }

    @Override
    boolean changed() {
        return owner != null && (start != writtenStart || size != writtenSize);
    }

    @Override
    void apply() {
        boolean open = size > 0 && start > 0;
        if (kind == Kind.PORTS) {
            int value = open ? (int) (start >>> 8 & 0xf0 | last() & 0xf000) : CLOSED_PORTS;
            owner.write(UPPER_PORTS, 4, 0);
            owner.write(kind.register, 2, value);
        } else {
            int value = open ? (int) (start >>> 16 & 0xfff0 | last() & 0xfff0_0000L) : CLOSED_MEMORY;
            if (wide) {
                // closes it for the moment, unless it lies below 4 GiB
                owner.write(UPPER_LIMIT, 4, 0);
            }
            owner.write(kind.register, 4, value);
            if (wide) {
                owner.write(UPPER_BASE, 4, open ? (int) (start >>> 32) : 0);
                owner.write(UPPER_LIMIT, 4, open ? (int) (last() >>> 32) : 0);
            }
        }
        writtenStart = open ? start : 0;
        writtenSize = open ? size : 0;
    }

    /** What it is called in reports. */
    String name() {
        return "the " + kind.title + " window";
    }
}
