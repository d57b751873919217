package org.cardcage.launcher;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.cardcage.launcher.DumpedBars.Span;

/**
 * Which addresses go to which root bus of a dump, and where RAM ends. A root bus has what its BARs and the windows of its
 * bridges decode, and what lies between them.
 */
final class DumpedAddresses {

    /**
     * The first root bus of a PC. It has all below the chipset's addresses and in the usual window above 4 GiB that no other
     * one has.
     */
    static final DumpedBuses.Number FIRST = new DumpedBuses.Number(0, 0);

    private static final long USUAL_RAM = 256;
    private static final long LEAST_RAM = 16;
    private static final int MIB_SHIFT = 20;
    private static final long HOLE_END = 0xfec0_0000L;
    private static final long FOUR_GIB = 1L << 32;
    /** No processor of a PC has more address lines. */
    private static final long LAST_ADDRESS = (1L << 52) - 1;

    private static final long LAST_PORT = 0xffff;
    private static final Span INTERRUPTS = new Span(false, 0xfee0_0000L, 0xfeef_ffffL);

    /** A span that goes to a root bus. */
    record Routed(DumpedBuses.Number root, Span span) {}

    private final DumpedBuses buses;
    private final DumpedBars bars;
    private final long ram;

    DumpedAddresses(DumpedBuses buses, DumpedBars bars) {
        this.buses = buses;
        this.bars = bars;
        ram = raw().map(Routed::span)
                .filter(s -> !s.ports())
                .map(s -> s.first() >>> MIB_SHIFT)
                .filter(mib -> mib >= LEAST_RAM) // what lies below is not believed
                .reduce(USUAL_RAM, Math::min);
    }

    /** MiB of RAM, which ends where the first BAR begins. */
    long ram() {
        return ram;
    }

    /** What the root buses have, but for what the first one has anyhow; memory in front of ports. */
    List<Routed> routed() {
        List<Routed> memory = withRoom(merged(spans().filter(r -> !r.span().ports())));
        memory.removeIf(r -> r.root().equals(FIRST) && inUsualHole(r.span()));
        List<Routed> ports = merged(spans().filter(r -> r.span().ports()));
        ports.removeIf(r -> r.root().equals(FIRST));
        memory.addAll(ports);
        return memory;
    }

    private static boolean inUsualHole(Span span) {
        return Long.compareUnsigned(span.last(), HOLE_END) < 0;
    }

    private Stream<Routed> raw() {
        return buses.slots().keySet().stream()
                .filter(f -> buses.bridge(f) == null)
                .flatMap(f -> {
                    DumpedBuses.Number root = new DumpedBuses.Number(f.domain, f.bus);
                    return Stream.concat(bars.spans(f, null).stream(), DumpedBars.windows(f).stream())
                            .map(s -> new Routed(root, s));
                });
    }

    /** The same without what no address of the machine can reach. */
    private Stream<Routed> spans() {
        return raw().flatMap(routed -> reachable(routed.span()).stream().map(span -> new Routed(routed.root(), span)));
    }

    private List<Span> reachable(Span span) {
        List<Span> parts = new ArrayList<>();
        if (span.ports()) {
            clip(parts, span, 0, LAST_PORT);
        } else {
            clip(parts, span, ram << MIB_SHIFT, INTERRUPTS.first() - 1);
            clip(parts, span, INTERRUPTS.last() + 1, LAST_ADDRESS);
        }
        return parts;
    }

    private static void clip(List<Span> to, Span span, long least, long most) {
        long first = Long.compareUnsigned(span.first(), least) < 0 ? least : span.first();
        long last = least(span.last(), most);
        if (Long.compareUnsigned(first, last) <= 0) {
            to.add(new Span(span.ports(), first, last));
        }
    }

    private static long least(long one, long other) {
        return Long.compareUnsigned(one, other) < 0 ? one : other;
    }

    /**
     * What lies next to each other and goes to the same root bus as one, in the order of the addresses; of what overlaps with
     * that of another root bus, only what comes first.
     */
    private static List<Routed> merged(Stream<Routed> spans) {
        List<Routed> merged = new ArrayList<>();
        Comparator<Routed> byAddress = (one, other) ->
                Long.compareUnsigned(one.span().first(), other.span().first());
        for (Routed next : spans.sorted(byAddress).toList()) {
            Routed last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            boolean overlaps = last != null && last.span().contains(next.span().first());
            if (last != null && last.root().equals(next.root()) && (overlaps || areNear(last, next))) {
                long end = Math.max(last.span().last(), next.span().last());
                merged.set(merged.size() - 1, until(last, end));
            } else if (!overlaps) {
                merged.add(next);
            }
        }
        return merged;
    }

    /** What begins with a root bus goes to it as far as the next one begins, so that there is room for cards. */
    private static List<Routed> withRoom(List<Routed> memory) {
        for (int i = 0; i + 1 < memory.size(); i++) {
            Routed one = memory.get(i);
            Routed next = memory.get(i + 1);
            if (!one.root().equals(FIRST) && areNear(one, next)) {
                memory.set(i, until(one, next.span().first() - 1));
            }
        }
        return memory;
    }

    private static Routed until(Routed routed, long last) {
        return new Routed(
                routed.root(), new Span(routed.span().ports(), routed.span().first(), last));
    }

    /** Whether nothing but the addresses of PCI lies between the two. */
    private static boolean areNear(Routed one, Routed next) {
        return zone(one) == zone(next) && zone(next) != 1;
    }

    /** Below the chipset's own addresses, among them, and above 4 GiB. */
    private static int zone(Routed routed) {
        long first = routed.span().first();
        return Long.compareUnsigned(first, HOLE_END) < 0 ? 0 : Long.compareUnsigned(first, FOUR_GIB) < 0 ? 1 : 2;
    }
}
