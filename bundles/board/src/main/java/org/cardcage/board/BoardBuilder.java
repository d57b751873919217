package org.cardcage.board;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.cardcage.board.internal.Chipset.RootBus;
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
    BusPolicy policy = BusPolicy.PCI;
    AccessSplitting splitting = AccessSplitting.ALIGNED;
    private final TreeSet<FunctionAddress> rootBuses = new TreeSet<>(Set.of(new FunctionAddress(0, 0, 0, 0)));
    Consumer<String> reporter = message -> LoggerFactory.getLogger(Board.class).warn(message);

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
     * With another host bridge and its root bus; 0000:00 is always there. Bus numbers up to the next root bus of the same
     * domain may be used below it.
     *
     * @param domain PCI domain
     * @param bus number of the root bus, 0 to 255
     */
    public BoardBuilder rootBus(int domain, int bus) {
        rootBuses.add(new FunctionAddress(domain, bus, 0, 0));
        return this;
    }

    List<RootBus> rootBuses() {
        List<RootBus> roots = new ArrayList<>();
        for (FunctionAddress root : rootBuses) {
            FunctionAddress next = rootBuses.higher(root);
            boolean last = next == null || next.domain() != root.domain();
            roots.add(new RootBus(root.domain(), root.bus(), last ? LAST_BUS : next.bus() - 1));
        }
        return roots;
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
