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
     * @param memory windows for memory BARs, the one to use first in front
     * @param ports windows for I/O BARs
     * @param intx how the interrupt pins on the root bus are wired (ACPI: _PRT): for each device from 0 to 31 the input lines
     *     of its pins A to D, -1 for none; or empty if no pin is wired
     */
    public record HostBridge(
            int domain,
            int firstBus,
            int lastBus,
            List<AddressRange> memory,
            List<AddressRange> ports,
            List<Integer> intx) {

        private static final int PINS = 4;
        private static final int WIRES = 32 * PINS;

        /** @throws IllegalArgumentException if the wiring is not that of 32 devices */
        public HostBridge {
            memory = List.copyOf(memory);
            ports = List.copyOf(ports);
            intx = List.copyOf(intx);
            if (!intx.isEmpty() && intx.size() != WIRES) {
                throw new IllegalArgumentException("interrupt wiring of " + intx.size() + " pins: must be " + WIRES);
            }
        }

        /** A root bus without interrupt pins. */
        public HostBridge(int domain, int firstBus, int lastBus, List<AddressRange> memory, List<AddressRange> ports) {
            this(domain, firstBus, lastBus, memory, ports, List.of());
        }

        /**
         * The input of the interrupt controller that a pin on the root bus is wired to. A bridge turns the pins of what is
         * behind it: pin {@code p} of device {@code d} arrives as pin {@code (p - 1 + d) % 4 + 1} of the bridge
         * (PCI-to-PCI Bridge 1.2 section 9.1).
         *
         * @param device 0 to 31
         * @param pin 1 INTA to 4 INTD
         * @return the line, or -1 if there is none
         */
        public int intxLine(int device, int pin) {
            return intx.isEmpty() ? -1 : intx.get(PINS * device + pin - 1);
        }
    }
}
