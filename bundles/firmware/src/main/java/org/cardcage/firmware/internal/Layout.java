package org.cardcage.firmware.internal;

import static org.cardcage.firmware.internal.Demand.HARDEST_FIRST;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.cardcage.machine.AddressRange;

/**
 * Plans addresses for all that is below a host bridge. Windows are nested: what is inside a bridge lies within the bridge's
 * window, and no two things beside each other overlap. Not for use by several threads.
 */
final class Layout {

    /**
     * Where a PC's video and network cards end up. On a board without a video card the place is kept free, so that other cards
     * have the addresses that they have on the PC.
     */
    private static final AddressRange ONBOARD_MEMORY = new AddressRange(0xfeb0_0000L, 0x10_0000);
    /** Ports below belong to the devices every PC has. */
    private static final long CHIPSET_PORTS = 0x1000;
    /** Where a PC's firmware begins with ports. */
    private static final long FIRST_PORTS = 0xc000;

    private final Window host;
    private final List<AddressRange> ranges;

    private final boolean withoutVideo;

    private Layout(Window host, List<AddressRange> ranges, boolean withoutVideo) {
        this.host = host;
        this.ranges = ranges;
        this.withoutVideo = withoutVideo;
    }

    static Layout of(Hierarchy hierarchy, boolean io) {
        return io ? ports(hierarchy) : memory(hierarchy);
    }

    private static Layout memory(Hierarchy hierarchy) {
        return new Layout(
                hierarchy.memory,
                hierarchy.host.memory(),
                hierarchy.root.functions.stream().noneMatch(FunctionNode::isVideo));
    }

    private static Layout ports(Hierarchy hierarchy) {
        List<AddressRange> preferred = new ArrayList<>();
        for (AddressRange range : hierarchy.host.ports()) {
            add(preferred, Math.max(range.start(), FIRST_PORTS), range.last());
        }
        for (AddressRange range : hierarchy.host.ports()) {
            add(preferred, Math.max(range.start(), CHIPSET_PORTS), Math.min(range.last(), FIRST_PORTS - 1));
        }
        return new Layout(hierarchy.ports, preferred, false);
    }

    private static void add(List<AddressRange> to, long first, long last) {
        if (first <= last) {
            to.add(new AddressRange(first, last - first + 1));
        }
    }

    private Placement free() {
        Placement free = new Placement(ranges);
        if (withoutVideo) {
            free.reserve(ONBOARD_MEMORY.start(), ONBOARD_MEMORY.length());
        }
        return free;
    }

    private long find(Placement free, Demand demand) {
        return find(free, demand.size, demand.align, demand.limit());
    }

    /** Memory from the top, ports from the bottom, as a PC's firmware does. */
    private long find(Placement free, long size, long align, long limit) {
        return host.io() ? free.lowest(size, align, limit) : free.highest(size, align, limit);
    }

    /**
     * Plans everything from nothing.
     *
     * @param homeless told of each BAR that finds no place, and why
     */
    void build(BiConsumer<Demand, String> homeless) {
        host.measure();
        Placement free = free();
        List<Demand> prefetchable = new ArrayList<>();
        List<Demand> others = new ArrayList<>();
        for (Demand child : host.children) {
            boolean own = child instanceof BarRegister bar
                    ? bar.kind() == Window.Kind.PREFETCHABLE
                    : ((Window) child).kind == Window.Kind.PREFETCHABLE;
            (own ? prefetchable : others).add(child);
        }
        block(free, others, homeless);
        block(free, prefetchable, homeless);
    }

    /** All together without gaps; where that is not possible one by one. */
    private void block(Placement free, List<Demand> demands, BiConsumer<Demand, String> homeless) {
        Window block = new Window(null, host.kind, true);
        block.layOut(demands);
        block.children.addAll(demands);
        long limit = demands.stream().mapToLong(Demand::limit).min().orElse(0);
        long at = block.size == 0 ? 0 : find(free, block.size, block.align, limit);
        if (at != 0) {
            block.moveTo(at);
            free.reserve(at, block.size);
            return;
        }
        for (Demand demand : demands.stream().sorted(HARDEST_FIRST).toList()) {
            if (demand.wants()) {
                one(free, demand, homeless);
            }
        }
    }

    private void one(Placement free, Demand demand, BiConsumer<Demand, String> homeless) {
        long at = find(free, demand);
        while (at == 0 && demand instanceof Window window && window.size > 0) {
            shrink(window, free.largest(window.kind.granule, window.limit()), homeless);
            at = window.size == 0 ? 0 : find(free, window);
        }
        if (at != 0) {
            demand.moveTo(at);
            free.reserve(at, demand.size);
        } else if (demand instanceof BarRegister) {
            homeless.accept(demand, "the host bridge has no such piece left");
        }
    }

    /**
     * Gives what is new on a bus a place in the gaps that there are.
     *
     * @return whether all found a place; if not, the plan is of no use
     */
    static boolean fill(Hierarchy hierarchy, BusNode bus, List<Demand> fresh) {
        Map<Window, List<Demand>> wanted = new LinkedHashMap<>();
        for (Demand demand : fresh) {
            if (demand instanceof Window window) {
                window.measure();
            }
            if (demand.owner.bus == bus && demand.wants()) {
                wanted.computeIfAbsent(hierarchy.around(demand), w -> new ArrayList<>())
                        .add(demand);
            }
        }
        return wanted.entrySet().stream().allMatch(each -> fill(hierarchy, each.getKey(), each.getValue()));
    }

    private static boolean fill(Hierarchy hierarchy, Window window, List<Demand> demands) {
        Layout layout = of(hierarchy, window.io());
        boolean host = window.owner == null;
        Placement free = host ? layout.free() : inside(window);
        for (Demand child : window.children) {
            if (!demands.contains(child) && child.size > 0 && child.start > 0) {
                free.reserve(child.start, child.size);
            }
        }
        for (Demand demand : demands.stream().sorted(HARDEST_FIRST).toList()) {
            long at = host ? layout.find(free, demand) : free.lowest(demand.size, demand.align, demand.limit());
            if (at == 0) {
                return false;
            }
            demand.moveTo(at);
            free.reserve(at, demand.size);
        }
        return true;
    }

    private static Placement inside(Window window) {
        return new Placement(window.size == 0 ? List.of() : List.of(new AddressRange(window.start, window.size)));
    }

    /** Gives up what is kept for later, or else the largest BARs inside until the rest may fit. */
    private static void shrink(Window window, long room, BiConsumer<Demand, String> homeless) {
        if (!window.dropReserves()) {
            List<BarRegister> bars = new ArrayList<>();
            collect(window, bars);
            bars.sort(Comparator.comparingLong((BarRegister b) -> b.size));
            long excess = Math.max(1, window.size - room);
            for (int i = bars.size() - 1; i >= 0 && excess > 0; i--) {
                excess -= bars.get(i).size;
                homeless.accept(bars.get(i), "all that is behind " + window.owner + " does not fit together");
            }
        }
        window.measure();
    }

    private static void collect(Window window, List<BarRegister> to) {
        for (Demand child : window.children) {
            if (child instanceof Window inner) {
                collect(inner, to);
            } else if (child.wants()) {
                to.add((BarRegister) child);
            }
        }
    }

    /**
     * Plans addresses for what is not pinned around what is. A window with something pinned inside keeps at least the
     * addresses it has and grows if need be.
     *
     * @param still whether what is not in the way of something harder to place stays where it is
     * @return whether all found a place; if not, the plan is of no use
     */
    boolean arrange(boolean still) {
        return settle(host, free(), still);
    }

    private boolean settle(Window window, Placement free, boolean still) {
        List<Window> anchored = new ArrayList<>();
        List<Demand> floating = new ArrayList<>();
        for (Demand child : window.children) {
            if (child.anchored()) {
                if (child.wants()) {
                    free.reserve(child.start, child.size);
                }
                if (!child.pinned) {
                    anchored.add((Window) child);
                }
            } else {
                if (child instanceof Window inner) {
                    inner.measure();
                }
                if (child.wants()) {
                    floating.add(child);
                }
            }
        }
        for (Window inner : anchored) {
            if (inner.size == 0 || !settle(inner, new Placement(List.of(around(inner, free))), still)) {
                return false;
            }
            free.reserve(inner.start, inner.size);
        }
        floating.sort(HARDEST_FIRST);
        ToLongFunction<Demand> place = window == host ? d -> find(free, d) : d -> nearest(window, free, d);
        List<Demand> displaced = new ArrayList<>();
        for (Demand demand : floating) {
            long current = still ? demand.current() : 0;
            if (current == 0) {
                if (!take(window, free, demand, place.applyAsLong(demand))) {
                    return false;
                }
            } else if (!free.isFree(current, demand.size) || !take(window, free, demand, current)) {
                displaced.add(demand);
            }
        }
        for (Demand demand : displaced) {
            if (!take(window, free, demand, place.applyAsLong(demand))) {
                return false;
            }
        }
        for (Window inner : anchored) {
            if (window != host) {
                include(window, inner);
            }
        }
        return true;
    }

    private boolean take(Window window, Placement free, Demand demand, long at) {
        if (at != 0) {
            demand.moveTo(at);
            free.reserve(at, demand.size);
            if (window != host) {
                include(window, demand);
            }
        }
        return at != 0;
    }

    /** The addresses that a window can have without touching anything beside it. */
    private static AddressRange around(Window window, Placement free) {
        AddressRange gap = free.around(window.start, window.last());
        long first = window.roundUp(gap.start());
        long end = window.roundDown(Math.min(gap.last(), window.limit()) + 1);
        return new AddressRange(first, end - first);
    }

    /** A free place inside the window, or else the one for which it must grow least. */
    private static long nearest(Window window, Placement free, Demand demand) {
        long up = free.lowestFrom(window.start, demand.size, demand.align, demand.limit());
        if (up != 0 && up + demand.size - 1 <= window.last()) {
            return up;
        }
        long down = free.highest(demand.size, demand.align, Math.min(window.last(), demand.limit()));
        if (up == 0 || down == 0) {
            return Math.max(up, down);
        }
        return window.start - down < up + demand.size - 1 - window.last() ? down : up;
    }

    private static void include(Window window, Demand demand) {
        long first = Math.min(window.start, window.roundDown(demand.start));
        long end = Math.max(window.last() + 1, window.roundUp(demand.last() + 1));
        window.start = first;
        window.size = end - first;
    }
}
