package org.cardcage.kernel.resource;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.Machine;

/**
 * The address spaces of the kernel's machines. Each machine has its own memory and port addresses; {@code /proc/iomem} and
 * {@code /proc/ioports} show those of one machine after those of the other.
 *
 * <p>Threads: any; {@code this} guards the table.
 */
public final class AddressSpaces {

    private static final long LAST_ADDRESS = -1;
    private static final long LAST_PORT = 0xffff;

    /**
     * The spaces of one machine.
     *
     * @param memory physical memory addresses
     * @param ports I/O port addresses
     */
    public record Spaces(ResourceTree memory, ResourceTree ports) {}

    private final Map<Machine, Spaces> machines = new LinkedHashMap<>();

    /** The spaces of a machine; made when first asked for, with its RAM in them. */
    public synchronized Spaces of(Machine machine) {
        return machines.computeIfAbsent(machine, AddressSpaces::spaces);
    }

    private static Spaces spaces(Machine machine) {
        Spaces spaces = new Spaces(new ResourceTree("PCI mem", LAST_ADDRESS), new ResourceTree("PCI IO", LAST_PORT));
        for (AddressRange range : machine.description().ram()) {
            spaces.memory().root().claim(range, "System RAM");
        }
        return spaces;
    }

    /** The machine is no longer in use. */
    public synchronized void forget(Machine machine) {
        machines.remove(machine);
    }

    /** The text of {@code /proc/iomem}. */
    public String describeMemory() {
        return describe(Spaces::memory);
    }

    /** The text of {@code /proc/ioports}. */
    public String describePorts() {
        return describe(Spaces::ports);
    }

    private synchronized String describe(Function<Spaces, ResourceTree> space) {
        return machines.values().stream().map(space).map(ResourceTree::describe).collect(Collectors.joining());
    }
}
