package org.cardcage.launcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.cardcage.launcher.DumpedBars.Span;
import org.osgi.service.feature.BuilderFactory;
import org.osgi.service.feature.FeatureConfiguration;

/**
 * Makes the configurations of a board out of a dump: a passive card for each function, in the slot that the bridges of the
 * dump lead to. The addresses are those of the dump, as if firmware had run, or firmware gives new ones.
 */
final class DumpedBoard {
    private static final String BOARD = "org.cardcage.board";
    private static final String CARD = "org.cardcage.passive.device";
    private static final long USUAL_RAM = 256;
    private static final int MIB_SHIFT = 20;
    private static final int ROM_INDEX = 6;
    /** The first root bus has all below it that no other one has, see the board. */
    private static final long HOLE_END = 0xfec0_0000L;

    private static final long FOUR_GIB = 1L << 32;
    private static final Span INTERRUPTS = new Span(false, 0xfee0_0000L, 0xfeef_ffffL);

    /** A span that goes to a root bus. */
    private record Routed(DumpedBuses.Number root, Span span) {}

    private final BuilderFactory builders = new FeatureServiceImpl().getBuilderFactory();
    private final String name;
    private final boolean settled;
    private final DumpedBuses buses;
    private final DumpedBars bars;

    /** @param settled whether the addresses of the dump are kept */
    DumpedBoard(String name, List<DumpedFunction> dump, boolean settled) {
        this.name = name;
        this.settled = settled;
        buses = new DumpedBuses(dump);
        bars = new DumpedBars(buses.slots().keySet());
    }

    /** What the machine is not like the dump in. */
    List<String> remarks() {
        return buses.remarks();
    }

    Collection<FeatureConfiguration> configurations() {
        List<FeatureConfiguration> all = new ArrayList<>();
        all.add(builders.newConfigurationBuilder(BOARD).addValues(board()).build());
        buses.slots()
                .forEach((function, slot) -> all.add(builders.newConfigurationBuilder(CARD, function.toString())
                        .addValues(card(function, slot))
                        .build()));
        return all;
    }

    private Map<String, Object> board() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", name);
        values.put("chipset", "none");
        values.put("ram", settled ? ram() : USUAL_RAM);
        values.put("firmware_has_run", settled);
        values.put("root_buses", rootBuses());
        return values;
    }

    /** RAM ends where the first BAR begins. */
    private long ram() {
        return spans().map(Routed::span)
                .filter(s -> !s.ports() && s.first() >>> MIB_SHIFT > 0)
                .mapToLong(s -> s.first() >>> MIB_SHIFT)
                .reduce(USUAL_RAM, (one, other) -> Long.compareUnsigned(one, other) < 0 ? one : other);
    }

    private Map<String, Object> card(DumpedFunction function, String slot) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("slot", slot);
        values.put("config", function.rows().toArray(String[]::new));
        values.put(
                "bars",
                bars.sizes(function, buses.bridge(function)).entrySet().stream()
                        .map(e -> (e.getKey() == ROM_INDEX ? "rom" : e.getKey()) + "=" + e.getValue())
                        .toArray(String[]::new));
        values.put("settled", settled);
        return values;
    }

    private String[] rootBuses() {
        Map<DumpedBuses.Number, StringBuilder> roots = new LinkedHashMap<>();
        buses.roots().forEach(root -> roots.put(root, new StringBuilder(root.toString())));
        if (settled) {
            DumpedBuses.Number first = new DumpedBuses.Number(0, 0);
            List<Routed> memory = merged(spans().filter(r -> !r.span().ports()));
            memory.removeIf(r -> r.root().equals(first) && inUsualHole(r.span()));
            List<Routed> ports = merged(spans().filter(r -> r.span().ports()));
            ports.removeIf(r -> r.root().equals(first));
            Stream.concat(memory.stream(), ports.stream())
                    .forEach(r -> roots.get(r.root())
                            .append(String.format(
                                    " %s %x-%x",
                                    r.span().ports() ? "port" : "mem",
                                    r.span().first(),
                                    r.span().last())));
        }
        return roots.values().stream().map(StringBuilder::toString).toArray(String[]::new);
    }

    private static boolean inUsualHole(Span span) {
        return Long.compareUnsigned(span.last(), HOLE_END) < 0;
    }

    /** What goes to a root bus: the BARs on it and the windows of its bridges. */
    private Stream<Routed> spans() {
        return buses.slots().keySet().stream()
                .filter(f -> buses.bridge(f) == null)
                .flatMap(f -> {
                    DumpedBuses.Number root = new DumpedBuses.Number(f.domain, f.bus);
                    return Stream.concat(bars.spans(f, null).stream(), DumpedBars.windows(f).stream())
                            .map(s -> new Routed(root, s));
                });
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
            if (last != null
                    && last.root().equals(next.root())
                    && (overlaps || zone(last) == zone(next) && zone(next) != 1)) {
                long end = Long.compareUnsigned(last.span().last(), next.span().last()) < 0
                        ? next.span().last()
                        : last.span().last();
                merged.set(
                        merged.size() - 1,
                        new Routed(
                                last.root(),
                                new Span(last.span().ports(), last.span().first(), end)));
            } else if (!overlaps && !INTERRUPTS.contains(next.span().first())) {
                merged.add(next);
            }
        }
        return merged;
    }

    /** Below the chipset's own addresses, among them, and above 4 GiB; nothing is put together across these. */
    private static int zone(Routed routed) {
        long first = routed.span().first();
        return Long.compareUnsigned(first, HOLE_END) < 0 ? 0 : Long.compareUnsigned(first, FOUR_GIB) < 0 ? 1 : 2;
    }
}
