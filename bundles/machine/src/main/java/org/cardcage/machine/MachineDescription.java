package org.cardcage.machine;

import java.util.List;

/**
 * What firmware tables tell about a machine before anything is probed (on a PC: ACPI's MCFG, _CRS and _PRT, and the E820
 * map). Constant for the life of the machine.
 *
 * @param name for people, as in {@code pc}
 * @param hostBridges one for each root bus
 * @param ram ranges of physical memory that are RAM
 * @param cpus number of virtual CPUs that take interrupts, at least 1
 * @param firmwareHasRun whether bus numbers, windows and BARs are assigned; where not, whoever takes the machine into use
 *     must have firmware run first
 */
public record MachineDescription(
        String name, List<HostBridge> hostBridges, List<AddressRange> ram, int cpus, boolean firmwareHasRun) {

    public MachineDescription {
        hostBridges = List.copyOf(hostBridges);
        ram = List.copyOf(ram);
        if (cpus < 1) {
            throw new IllegalArgumentException("a machine with " + cpus + " CPUs");
        }
    }

    /**
     * A root of PCI buses: the bus numbers and the addresses that the host routes to it.
     *
     * @param domain PCI domain (ACPI: segment) number
     * @param firstBus the root bus
     * @param lastBus last bus number that may exist below it, inclusive
     * @param memory windows for memory BARs
     * @param ports windows for I/O BARs
     */
    public record HostBridge(
            int domain, int firstBus, int lastBus, List<AddressRange> memory, List<AddressRange> ports) {
        public HostBridge {
            memory = List.copyOf(memory);
            ports = List.copyOf(ports);
        }
    }
}
