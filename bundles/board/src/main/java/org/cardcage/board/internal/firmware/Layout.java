package org.cardcage.board.internal.firmware;

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

    /** Where a PC's firmware puts what belongs to the chipset itself. */
    private static final AddressRange CHIPSET_MEMORY = new AddressRange(0xfeb0_0000L, 0x10_0000);
    /** Ports below belong to the devices every PC has. */
    private static final long CHIPSET_PORTS = 0x1000;
    /** Where a PC's firmware begins with ports. */
    private static final long FIRST_PORTS = 0xc000;

    private static final String NO_PIECE = "the host bridge has no such piece left";
    private static final String NO_LARGER_WINDOW =
            "the window of the bridge above is full and cannot grow; what is in use is not moved";

    private final Window host;
    private final List<AddressRange> ranges;

    private Layout(Window host, List<AddressRange> ranges) {
        this.host = host;
        this.ranges = ranges;
    }

    static Layout memory(Hierarchy hierarchy) {
        return new Layout(hierarchy.memory, hierarchy.host.memory());
    }

    static Layout ports(Hierarchy hierarchy) {
        List<AddressRange> preferred = new ArrayList<>();
        for (AddressRange range : hierarchy.host.ports()) {
            add(preferred, Math.max(range.start(), FIRST_PORTS), range.last());
        }
        for (AddressRange range : hierarchy.host.ports()) {
            add(preferred, Math.max(range.start(), CHIPSET_PORTS), Math.min(range.last(), FIRST_PORTS - 1));
        }
        return new Layout(hierarchy.ports, preferred);
    }

    private static void add(List<AddressRange> to, long first, long last) {
        if (first <= last) {
            to.add(new AddressRange(first, last - first + 1));
        }
    }

    private Placement free() {
        Placement free = new Placement(ranges);
        if (host.kind == Window.Kind.MEMORY) {
            free.reserve(CHIPSET_MEMORY.start(), CHIPSET_MEMORY.length());
        }
        return free;
    }

    private long find(Placement free, Demand demand) {
        return find(free, demand.size, demand.align, demand.limit());
    }

    /** Memory from the top, ports from the bottom, as a PC's firmware does. */
    private long find(Placement free, long size, long align, long limit) {
        return host.kind == Window.Kind.PORTS ? free.lowest(size, align, limit) : free.highest(size, align, limit);
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
        for (Demand demand : demands.stream().sorted(Demand.HARDEST_FIRST).toList()) {
            if (demand.wants()) {
                one(free, demand, homeless);
            }
        }
    }

    private void one(Placement free, Demand demand, BiConsumer<Demand, String> homeless) {
        place(free, demand, d -> find(free, d), homeless, NO_PIECE);
    }

    private static void place(
            Placement free,
            Demand demand,
            ToLongFunction<Demand> find,
            BiConsumer<Demand, String> homeless,
            String reason) {
        long at = find.applyAsLong(demand);
        while (at == 0 && demand instanceof Window window && window.size > 0) {
            shrink(window, free.largest(window.kind.granule, window.limit()), homeless);
            at = window.size == 0 ? 0 : find.applyAsLong(window);
        }
        if (at != 0) {
            demand.moveTo(at);
            free.reserve(at, demand.size);
        } else if (demand instanceof BarRegister) {
            homeless.accept(demand, reason);
        }
    }

    /**
     * Gives what is new on a bus a place in the gaps that there are.
     *
     * @param homeless told of what finds none, after which the others are still placed; if null, that is the end
     * @return whether all found a place
     */
    static boolean fill(Hierarchy hierarchy, BusNode bus, List<Demand> fresh, BiConsumer<Demand, String> homeless) {
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
        boolean[] all = {true};
        wanted.forEach((window, demands) -> all[0] &= fill(hierarchy, window, demands, homeless));
        return all[0];
    }

    private static boolean fill(
            Hierarchy hierarchy, Window window, List<Demand> demands, BiConsumer<Demand, String> homeless) {
        Layout layout = window.kind == Window.Kind.PORTS ? ports(hierarchy) : memory(hierarchy);
        boolean host = window.owner == null;
        Placement free = host ? layout.free() : inside(window);
        for (Demand child : window.children) {
            if (!demands.contains(child) && child.size > 0 && child.start > 0) {
                free.reserve(child.start, child.size);
            }
        }
        for (Demand demand : demands.stream().sorted(Demand.HARDEST_FIRST).toList()) {
            ToLongFunction<Demand> find = d -> host ? layout.find(free, d) : free.lowest(d.size, d.align, d.limit());
            if (homeless != null) {
                place(free, demand, find, homeless, host ? NO_PIECE : NO_LARGER_WINDOW);
            } else if (find.applyAsLong(demand) == 0) {
                return false;
            } else {
                place(free, demand, find, null, null);
            }
        }
        return true;
    }

    private static Placement inside(Window window) {
        return new Placement(window.size == 0 ? List.of() : List.of(new AddressRange(window.start, window.size)));
    }

    /** Gives up what is kept for later, or else the largest BARs inside until the rest may fit. */
    private static void shrink(Window window, long room, BiConsumer<Demand, String> homeless) {
        if (!dropReserves(window)) {
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

    private static boolean dropReserves(Window window) {
        boolean any = window.reserve > 0;
        window.reserve = 0;
        for (Demand child : window.children) {
            any |= child instanceof Window inner && dropReserves(inner);
        }
        return any;
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
        floating.sort(Demand.HARDEST_FIRST);
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
