package org.cardcage.properties;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import org.cardcage.board.SlotPath;
import org.cardcage.device.Bar;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.MachineDescription.HostBridge;

/** What holds on every board after firmware has run. */
abstract class TopologyProperties {

    private static final int SIZING = -1;
    private static final long ALL_ONES_32 = 0xffff_ffffL;

    @Provide
    Arbitrary<List<Part>> few() {
        return Parts.few();
    }

    @Provide
    Arbitrary<List<Part>> many() {
        return Parts.many();
    }

    /** A BAR that has an address. */
    private record Placed(SlotPath place, Header header, Probe probe, Bar bar, AddressRange range) {
        boolean io() {
            return bar.kind() == Bar.Kind.IO;
        }

        @Override
        public String toString() {
            return place + " BAR " + bar.index() + " " + range;
        }
    }

    private static List<Placed> placed(Topology topology) {
        List<Placed> all = new ArrayList<>();
        topology.probes.forEach((place, probe) -> topology.find(place).ifPresent(header -> {
            for (Bar bar : probe.description().bars()) {
                long base = header.base(bar);
                if (base != 0) {
                    all.add(new Placed(place, header, probe, bar, new AddressRange(base, bar.size())));
                }
            }
        }));
        return all;
    }

    private static IoMemory map(Topology topology, Placed bar) {
        AddressRange range = bar.range();
        return bar.io()
                ? topology.board.mapPorts((int) range.start(), (int) range.length())
                : topology.board.map(range.start(), range.length());
    }

    /** Whoever cannot be reached or has no address is spoken of; nobody is lost in silence. */
    static void everybodyHasHisPlaceOrIsNamed(List<Part> parts) {
        try (Topology topology = new Topology(parts)) {
            topology.probes.forEach((place, probe) -> {
                Optional<Header> header = topology.find(place);
                if (header.isEmpty()) {
                    assertThat(topology.said).as("%s is not reachable", place).isNotEmpty();
                    return;
                }
                for (Bar bar : probe.description().bars()) {
                    if (header.get().base(bar) == 0) {
                        assertThat(topology.complained(header.get().address()))
                                .as("BAR %d of %s has no address; said: %s", bar.index(), place, topology.said)
                                .isTrue();
                    }
                }
            });
        }
    }

    /** Bus numbers nest, and no number has two buses. */
    static void busNumbersNest(List<Part> parts) {
        try (Topology topology = new Topology(parts)) {
            Map<FunctionAddress, SlotPath> buses = new HashMap<>();
            for (SlotPath place : topology.bridges) {
                Header bridge = topology.find(place).orElse(null);
                if (bridge == null || bridge.secondary() == 0) {
                    continue;
                }
                assertThat(bridge.primary())
                        .as("primary bus of %s", place)
                        .isEqualTo(bridge.address().bus());
                assertThat(bridge.secondary()).as("secondary bus of %s", place).isGreaterThan(bridge.primary());
                assertThat(bridge.subordinate())
                        .as("subordinate bus of %s", place)
                        .isBetween(bridge.secondary(), last(topology, place));
                FunctionAddress bus = new FunctionAddress(bridge.address().domain(), bridge.secondary(), 0, 0);
                assertThat(buses.put(bus, place))
                        .as("who else has bus %s of %s", bus, place)
                        .isNull();
            }
        }
    }

    private static int last(Topology topology, SlotPath bridge) {
        if (!bridge.onRootBus()) {
            return topology.find(bridge.bridge()).orElseThrow().subordinate();
        }
        return host(topology, bridge).lastBus();
    }

    private static HostBridge host(Topology topology, SlotPath place) {
        return topology.board.description().hostBridges().stream()
                .filter(host -> host.domain() == place.root().domain()
                        && host.firstBus() == place.root().bus())
                .findFirst()
                .orElseThrow();
    }

    /** Windows lie inside a window of the bridge above, and siblings do not overlap. */
    static void windowsNest(List<Part> parts) {
        try (Topology topology = new Topology(parts)) {
            Map<String, TreeMap<Long, AddressRange>> siblings = new HashMap<>();
            for (SlotPath place : topology.bridges) {
                topology.find(place).ifPresent(bridge -> {
                    check(topology, siblings, place, bridge.ports(), true);
                    check(topology, siblings, place, bridge.memory(), false);
                    check(topology, siblings, place, bridge.prefetchable(), false);
                });
            }
        }
    }

    private static void check(
            Topology topology,
            Map<String, TreeMap<Long, AddressRange>> siblings,
            SlotPath place,
            Optional<AddressRange> window,
            boolean io) {
        if (window.isEmpty()) {
            return;
        }
        AddressRange range = window.get();
        assertThat(above(topology, place, io))
                .as("windows above that of %s at %s", place, range)
                .anyMatch(outer -> outer.contains(range.start(), range.length()));
        String bus = (io ? "ports of " : "memory of ")
                + (place.onRootBus()
                        ? place.root().withFunction(0).bus() + ":"
                                + place.root().domain()
                        : place.bridge());
        TreeMap<Long, AddressRange> others = siblings.computeIfAbsent(bus, b -> new TreeMap<>(Long::compareUnsigned));
        for (AddressRange other : others.values()) {
            assertThat(other.overlaps(range))
                    .as("%s of %s and %s", range, place, other)
                    .isFalse();
        }
        others.put(range.start(), range);
    }

    /** The windows through which what sits at this place is reached. */
    private static List<AddressRange> above(Topology topology, SlotPath place, boolean io) {
        if (place.onRootBus()) {
            HostBridge host = host(topology, place);
            return io ? host.ports() : host.memory();
        }
        Header bridge = topology.find(place.bridge()).orElseThrow();
        return io
                ? bridge.ports().stream().toList()
                : Stream.concat(bridge.memory().stream(), bridge.prefetchable().stream())
                        .toList();
    }

    /** BARs lie aligned in a window of the bridge above, and no two have an address in common. */
    static void barsDoNotOverlap(List<Part> parts) {
        try (Topology topology = new Topology(parts)) {
            List<Placed> all = placed(topology);
            for (Placed bar : all) {
                assertThat(bar.range().start() % bar.bar().size())
                        .as("alignment of %s", bar)
                        .isZero();
                assertThat(above(topology, bar.place(), bar.io()))
                        .as("windows above %s", bar)
                        .anyMatch(outer ->
                                outer.contains(bar.range().start(), bar.range().length()));
            }
            checkApart(all.stream().filter(Placed::io));
            checkApart(all.stream().filter(bar -> !bar.io()));
        }
    }

    private static void checkApart(Stream<Placed> bars) {
        List<Placed> sorted = bars.sorted(
                        Comparator.comparing(bar -> bar.range().start(), Long::compareUnsigned))
                .toList();
        for (int i = 1; i < sorted.size(); i++) {
            assertThat(sorted.get(i - 1).range().overlaps(sorted.get(i).range()))
                    .as("%s and %s overlap", sorted.get(i - 1), sorted.get(i))
                    .isFalse();
        }
    }

    /** The first and the last byte of each BAR belong to its function and to nobody else. */
    static void eachBarIsReached(List<Part> parts) {
        try (Topology topology = new Topology(parts)) {
            placed(topology).forEach(bar -> checkReached(topology, bar));
        }
    }

    private static void checkReached(Topology topology, Placed bar) {
        checkReached(topology, bar, map(topology, bar));
    }

    private static void checkReached(Topology topology, Placed bar, IoMemory memory) {
        long before = accesses(topology);
        long last = bar.bar().size() - 1;
        int index = bar.bar().index();
        assertThat(memory.read(0, 4))
                .as("start of %s", bar)
                .isEqualTo(bar.probe().signature(index, 0, 4));
        assertThat(memory.read(last, 1))
                .as("end of %s", bar)
                .isEqualTo(bar.probe().signature(index, last, 1));
        assertThat(accesses(topology)).as("accesses to all functions").isEqualTo(before + 2);
    }

    private static long accesses(Topology topology) {
        return topology.probes.values().stream().mapToLong(Probe::accesses).sum();
    }

    /** Each bridge above a BAR can shut it off, and only those. */
    static void eachBarIsReachedThroughItsPathOnly(List<Part> parts) {
        try (Topology topology = new Topology(parts)) {
            Map<Placed, IoMemory> open = new LinkedHashMap<>();
            placed(topology).forEach(bar -> open.put(bar, map(topology, bar)));
            for (SlotPath place : topology.bridges) {
                Header bridge = topology.find(place).orElse(null);
                if (bridge == null) {
                    continue;
                }
                int command = bridge.command();
                bridge.write(Header.COMMAND, 2, command & ~(Header.COMMAND_IO | Header.COMMAND_MEMORY));
                open.forEach((bar, memory) -> {
                    if (bar.place().isBehind(place)) {
                        assertThat(memory.read(0, 4))
                                .as("%s while %s is shut", bar, place)
                                .isEqualTo(ALL_ONES_32);
                    } else if (bar.place().root().equals(place.root())) {
                        checkReached(topology, bar, memory);
                    }
                });
                bridge.write(Header.COMMAND, 2, command);
            }
            open.forEach((bar, memory) -> checkReached(topology, bar, memory));
        }
    }

    /** Finding out the size of one function's BARs changes nothing for the others, nor afterwards for itself. */
    static void sizingLeavesTheOthersAlone(List<Part> parts) {
        try (Topology topology = new Topology(parts)) {
            List<Placed> all = placed(topology);
            Map<Placed, IoMemory> open = new LinkedHashMap<>();
            all.forEach(bar -> open.put(bar, map(topology, bar)));
            for (Placed one : all) {
                int command = one.header().command();
                one.header().write(Header.COMMAND, 2, 0);
                one.header().setBase(one.bar(), SIZING);
                assertThat(-one.header().base(one.bar()) & mask(one))
                        .as("size of %s", one)
                        .isEqualTo(one.bar().size());
                Placed other = all.get((all.indexOf(one) + 1) % all.size());
                if (other.probe() != one.probe()) {
                    checkReached(topology, other, open.get(other));
                }
                one.header().setBase(one.bar(), one.range().start());
                one.header().write(Header.COMMAND, 2, command);
                checkReached(topology, one, open.get(one));
            }
            open.forEach((bar, memory) -> checkReached(topology, bar, memory));
        }
    }

    private static long mask(Placed bar) {
        return bar.bar().kind() == Bar.Kind.MEMORY_64 ? -1L : ALL_ONES_32;
    }

    /** A BAR that is moved out of all windows is gone, its old place is empty, and the others are where they were. */
    static void movingLeavesTheOthersAlone(List<Part> parts) {
        try (Topology topology = new Topology(parts)) {
            List<Placed> all = placed(topology);
            Map<Placed, IoMemory> open = new LinkedHashMap<>();
            all.forEach(bar -> open.put(bar, map(topology, bar)));
            for (Placed one : all) {
                one.header().setBase(one.bar(), 0);
                assertThat(open.get(one).read(0, 4)).as("where %s was", one).isEqualTo(ALL_ONES_32);
                Placed other = all.get((all.indexOf(one) + 1) % all.size());
                if (other != one) {
                    checkReached(topology, other, open.get(other));
                }
                one.header().setBase(one.bar(), one.range().start());
                checkReached(topology, one, open.get(one));
            }
            open.forEach((bar, memory) -> checkReached(topology, bar, memory));
        }
    }
}
