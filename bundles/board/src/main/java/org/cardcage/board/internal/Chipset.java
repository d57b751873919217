package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cardcage.board.Bridge;
import org.cardcage.board.SlotPath;
import org.cardcage.device.FunctionDescription;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.MachineDescription;
import org.cardcage.machine.MachineDescription.HostBridge;

/** The address map of a PC with an Intel 440FX (datasheet 290549) and the chipset's own functions. */
public final class Chipset {

    /** Above it sit the I/O APIC, the local APICs and the boot ROM. */
    private static final long HOLE_END = 0xfec0_0000L;

    private static final long HIGH_WINDOW = 64L << 30;
    private static final long HIGH_GRANULE = 1L << 30;
    private static final long LOW_GRANULE = 16L << 20;
    private static final int CONFIG_PORTS = 0xcf8;
    private static final int CONFIG_PORTS_END = 0xd00;
    private static final int SHARED_PORTS = 0x1000;
    private static final int SHARED_PORTS_END = 0xc000;
    private static final int PORTS_GRANULE = 0x1000;
    private static final int PORTS_END = 0x1_0000;

    private Chipset() {}

    /**
     * What the firmware's tables say. The hole below 4 GiB is shared evenly; the first root bus has its upper end, where a
     * PC's firmware begins, and the well-known ports.
     *
     * @param roots domain, first and last bus number of each root bus, 0000:00 first
     */
    public static MachineDescription describe(
            String name, Ram ram, int cpus, boolean firmwareHasRun, List<RootBus> roots) {
        List<AddressRange> ranges = ram.ranges();
        long lowEnd = ranges.get(0).last() + 1;
        long highEnd = ranges.size() > 1 ? ranges.get(1).last() + 1 : Ram.HIGH_START;
        long high = (highEnd + HIGH_GRANULE - 1) & -HIGH_GRANULE;
        if (roots.stream().anyMatch(RootBus::hasWindows)) {
            List<AddressRange> usual =
                    List.of(new AddressRange(lowEnd, HOLE_END - lowEnd), new AddressRange(high, HIGH_WINDOW));
            return new MachineDescription(name, given(roots, usual), ranges, cpus, firmwareHasRun);
        }
        int others = roots.size() - 1;
        long share = (HOLE_END - lowEnd) / roots.size() & -LOW_GRANULE;
        if (share == 0) {
            throw new IllegalArgumentException(
                    roots.size()
                            + " root buses: the addresses between RAM and 4 GiB are too few for all; take less RAM or fewer buses");
        }
        int portShare = others == 0 ? 0 : (SHARED_PORTS_END - SHARED_PORTS) / others & -PORTS_GRANULE;
        List<HostBridge> hosts = new ArrayList<>();
        for (RootBus root : roots) {
            int i = hosts.size();
            long low = lowEnd + (i == 0 ? others : i - 1) * share;
            AddressRange below = new AddressRange(low, i == 0 ? HOLE_END - low : share);
            AddressRange above = new AddressRange(high + i * HIGH_WINDOW, HIGH_WINDOW);
            List<AddressRange> ports = i == 0 ? firstPorts(others * portShare) : ports(i - 1, portShare);
            hosts.add(new HostBridge(
                    root.domain(),
                    root.first(),
                    root.last(),
                    List.of(below, above),
                    ports,
                    InterruptController.wiring()));
        }
        return new MachineDescription(name, hosts, ranges, cpus, firmwareHasRun);
    }

    /** Each root bus with what it is given; the first one has besides what is usual and given to none. */
    private static List<HostBridge> given(List<RootBus> roots, List<AddressRange> usual) {
        List<HostBridge> hosts = new ArrayList<>();
        for (RootBus root : roots) {
            boolean first = hosts.isEmpty();
            List<AddressRange> memory = new ArrayList<>(root.memory());
            List<AddressRange> ports = new ArrayList<>(root.ports());
            if (first) {
                memory.addAll(without(usual, roots.stream().flatMap(r -> r.memory().stream())));
                ports.addAll(without(firstPorts(0), roots.stream().flatMap(r -> r.ports().stream())));
            }
            hosts.add(new HostBridge(
                    root.domain(), root.first(), root.last(), memory, ports, InterruptController.wiring()));
        }
        return hosts;
    }

    private static List<AddressRange> without(List<AddressRange> ranges, Stream<AddressRange> taken) {
        List<AddressRange> left = new ArrayList<>(ranges);
        taken.forEach(gone -> {
            List<AddressRange> before = List.copyOf(left);
            left.clear();
            for (AddressRange range : before) {
                if (range.overlaps(gone)) {
                    add(left, range.start(), gone.start() - 1);
                    add(left, gone.last() + 1, range.last());
                } else {
                    left.add(range);
                }
            }
        });
        return left;
    }

    private static void add(List<AddressRange> to, long first, long last) {
        if (first <= last) {
            to.add(new AddressRange(first, last - first + 1));
        }
    }

    private static List<AddressRange> firstPorts(int given) {
        AddressRange low = new AddressRange(0, CONFIG_PORTS);
        if (given == 0) {
            return List.of(low, new AddressRange(CONFIG_PORTS_END, PORTS_END - CONFIG_PORTS_END));
        }
        int start = SHARED_PORTS + given;
        return List.of(
                low,
                new AddressRange(CONFIG_PORTS_END, SHARED_PORTS - CONFIG_PORTS_END),
                new AddressRange(start, PORTS_END - start));
    }

    private static List<AddressRange> ports(int index, int share) {
        return share == 0 ? List.of() : List.of(new AddressRange(SHARED_PORTS + (long) index * share, share));
    }

    /** The numbers of a root bus and of the buses that may be below it, and the addresses it is given, if any are. */
    public record RootBus(int domain, int first, int last, List<AddressRange> memory, List<AddressRange> ports) {

        boolean hasWindows() {
            return !memory.isEmpty() || !ports.isEmpty();
        }
    }

    /** Host bridge and ISA bridge, which do nothing but answer configuration cycles. */
    public static List<Function> functions440fx(Bus bus) {
        FunctionDescription host = FunctionDescription.of(0x8086, 0x1237, 0x060000)
                .revision(2)
                .subsystem(0x1af4, 0x1100)
                .build();
        return List.of(
                Function.passive(bus, SlotPath.of(new FunctionAddress(0, 0, 0, 0)), host),
                Function.passive(
                        bus,
                        SlotPath.of(new FunctionAddress(0, 0, 1, 0)),
                        Bridge.isa().description()));
    }
}
