package org.cardcage.board;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.cardcage.board.internal.Chipset.RootBus;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Scheduler;
import org.slf4j.LoggerFactory;

/** Collects what makes a {@link Board}; not for use by several threads. */
public final class BoardBuilder {

    private static final long DEFAULT_RAM = 256L << 20;

    private static final int LAST_BUS = 0xff;

    final Scheduler scheduler;
    String name = "pc";
    long ram = DEFAULT_RAM;
    int cpus = 1;
    boolean chipset440fx;
    boolean withFirmware = true;
    boolean firmwareHasRun;
    BusPolicy policy = BusPolicy.PCI;
    AccessSplitting splitting = AccessSplitting.ALIGNED;
    private final TreeMap<FunctionAddress, Windows> rootBuses =
            new TreeMap<>(Map.of(new FunctionAddress(0, 0, 0, 0), Windows.SHARED));
    final Map<SlotPath, Integer> physicalSlots = new TreeMap<>();
    Consumer<String> reporter = message -> LoggerFactory.getLogger(Board.class).warn(message);

    /** What goes to a root bus; with nothing in it a share of what there is. */
    private record Windows(List<AddressRange> memory, List<AddressRange> ports) {
        static final Windows SHARED = new Windows(List.of(), List.of());
    }

    BoardBuilder(Scheduler scheduler) {
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
    }

    /** The name of the machine, for people; {@code pc} if not said. */
    public BoardBuilder name(String value) {
        name = Objects.requireNonNull(value, "name");
        return this;
    }

    /** Size of RAM in bytes: a multiple of 1 MiB, at most 256 GiB. What is beyond 3 GiB lies from 4 GiB on. */
    public BoardBuilder ram(long bytes) {
        ram = bytes;
        return this;
    }

    /** Number of virtual CPUs that take interrupts, 1 to 255. */
    public BoardBuilder cpus(int count) {
        if (count < 1 || count > 255) {
            throw new IllegalArgumentException(count + " CPUs: must be 1 to 255");
        }
        cpus = count;
        return this;
    }

    /** With a 440FX host bridge at 00:00.0 and a PIIX3 ISA bridge at 00:01.0, both without behaviour. */
    public BoardBuilder chipset440fx() {
        chipset440fx = true;
        return this;
    }

    /** Leaves BARs and command registers at their reset values; the description then says that no firmware has run. */
    public BoardBuilder withoutFirmware() {
        withFirmware = false;
        return this;
    }

    /**
     * Firmware does not run, since it has run before: the functions that are plugged in before power-on have their addresses
     * and bus numbers already. Cards that come later get what is free.
     */
    public BoardBuilder firmwareHasRun() {
        withFirmware = false;
        firmwareHasRun = true;
        return this;
    }

    /**
     * With another host bridge and its root bus; 0000:00 is always there. Bus numbers up to the next root bus of the same
     * domain may be used below it.
     *
     * @param domain PCI domain
     * @param bus number of the root bus, 0 to 255
     */
    public BoardBuilder rootBus(int domain, int bus) {
        return rootBus(domain, bus, List.of(), List.of());
    }

    /**
     * The same with the addresses that go to this root bus, which no other one has. If one root bus is given addresses, the
     * others get no more than they are given, but for the first, which has in addition all that the others have not.
     *
     * @param memory of which none is RAM
     * @param ports from 0 to 0xffff
     */
    public BoardBuilder rootBus(int domain, int bus, List<AddressRange> memory, List<AddressRange> ports) {
        rootBuses.put(new FunctionAddress(domain, bus, 0, 0), new Windows(memory, ports));
        return this;
    }

    List<RootBus> rootBuses() {
        List<RootBus> roots = new ArrayList<>();
        for (FunctionAddress root : rootBuses.keySet()) {
            FunctionAddress next = rootBuses.higherKey(root);
            boolean last = next == null || next.domain() != root.domain();
            Windows windows = rootBuses.get(root);
            roots.add(new RootBus(
                    root.domain(), root.bus(), last ? LAST_BUS : next.bus() - 1, windows.memory(), windows.ports()));
        }
        return roots;
    }

    /**
     * Writes a number at a slot, which firmware's tables tell (ACPI: _SUN).
     *
     * @param number 0 or more
     */
    public BoardBuilder physicalSlot(SlotPath slot, int number) {
        physicalSlots.put(slot, number);
        return this;
    }

    /** How the bus cuts up odd accesses; {@link AccessSplitting#ALIGNED} if not said. */
    public BoardBuilder splitting(AccessSplitting value) {
        splitting = Objects.requireNonNull(value, "splitting");
        return this;
    }

    /** What the bus answers where nothing does; {@link BusPolicy#PCI} if not said. */
    public BoardBuilder busPolicy(BusPolicy value) {
        policy = Objects.requireNonNull(value, "bus policy");
        return this;
    }

    /** Takes what models and firmware have to say; goes to the log if not said. Called from any thread. */
    public BoardBuilder reporter(Consumer<String> value) {
        reporter = Objects.requireNonNull(value, "reporter");
        return this;
    }

    /** @throws IllegalArgumentException if the size of RAM is not possible, or there are too many root buses for it */
    public Board build() {
        return new Board(this);
    }
}
