package org.cardcage.qemu.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.MachineDescription.HostBridge;

/** What has to be known of a PC's chipset to describe the machine and to set up what only its own firmware knows. */
enum Chipset {

    /** Intel 440FX and PIIX3 (datasheets 290549 and 290550), QEMU's machine {@code pc}. */
    I440FX(0x8086_1237) {

        private static final FunctionAddress ISA_BRIDGE = new FunctionAddress(0, 0, 1, 0);
        /** The registers PIRQRCA to PIRQRCD. */
        private static final int ROUTES = 0x60;

        private static final int[] LINES = {10, 10, 11, 11};

        /** The PCI interrupts go to the lines that they have on most PCs. */
        @Override
        ConfigAccess powerOn(Qtest qtest) {
            Commands commands = qtest.commands();
            for (int route = 0; route < LINES.length; route++) {
                ConfigAccess.PORTS.write(commands, ISA_BRIDGE, ROUTES + route, 1, LINES[route]);
            }
            commands.send();
            return ConfigAccess.PORTS;
        }

        @Override
        int line(int device, int pin) {
            return LINES[(device - 1 + pin - 1) & 3];
        }

        @Override
        List<AddressRange> below4GiB(long ramEnd) {
            return List.of(new AddressRange(ramEnd, HOLE_END - ramEnd));
        }
    },

    /** Intel Q35 and ICH9 (datasheets 316966 and 316972), QEMU's machine {@code q35}. */
    Q35(0x8086_29c0) {

        private static final FunctionAddress HOST_BRIDGE = new FunctionAddress(0, 0, 0, 0);
        private static final int PCIEXBAR = 0x60;
        private static final int PCIEXBAR_ENABLE = 1;
        /** RAM below 4 GiB never reaches it. */
        private static final long WINDOW = 0xb000_0000L;

        private static final int WINDOW_SIZE = 256 << 20;
        /** Where the inputs of the I/O APIC begin that belong to PCI interrupts A to H. */
        private static final int FIRST_LINE = 16;
        /** The devices of the chipset itself, whose pins go to A to D, those of others to E to H. */
        private static final int OWN_DEVICES = 25;

        @Override
        ConfigAccess powerOn(Qtest qtest) {
            Commands commands = qtest.commands();
            ConfigAccess.PORTS.write(commands, HOST_BRIDGE, PCIEXBAR + 4, 4, 0);
            ConfigAccess.PORTS.write(commands, HOST_BRIDGE, PCIEXBAR, 4, (int) WINDOW | PCIEXBAR_ENABLE);
            commands.send();
            return ConfigAccess.memory(WINDOW);
        }

        @Override
        int line(int device, int pin) {
            return device < OWN_DEVICES ? FIRST_LINE + 4 + (device + pin - 1) % 4 : FIRST_LINE + pin - 1;
        }

        @Override
        List<AddressRange> below4GiB(long ramEnd) {
            long after = WINDOW + WINDOW_SIZE;
            List<AddressRange> windows = new ArrayList<>(List.of(new AddressRange(after, HOLE_END - after)));
            if (ramEnd < WINDOW) {
                windows.add(new AddressRange(ramEnd, WINDOW - ramEnd));
            }
            return windows;
        }
    };

    /** The interrupt controller whose inputs are watched, in QEMU's words. */
    static final String CONTROLLER = "ioapic";

    /** Above it sit the I/O APIC, the local APICs and the boot ROM. */
    private static final long HOLE_END = 0xfec0_0000L;

    private static final long FOUR_GIB = 1L << 32;
    private static final long HIGH_GRANULE = 1L << 30;
    private static final long HIGH_WINDOW = 64L << 30;
    private static final int CONFIG_PORTS = 0xcf8;
    private static final int CONFIG_PORTS_END = 0xd00;
    private static final int PORTS_END = 0x1_0000;
    private static final int DEVICES = 32;
    private static final int PINS = 4;

    private final int hostBridge;

    /** @param hostBridge vendor and device of the function 00:00.0 */
    Chipset(int hostBridge) {
        this.hostBridge = hostBridge;
    }

    /**
     * Finds out what the machine has.
     *
     * @throws IOException if it is none of these
     */
    static Chipset of(Qtest qtest) throws IOException {
        Commands commands = qtest.commands();
        Reply reply = ConfigAccess.PORTS.read(commands, new FunctionAddress(0, 0, 0, 0), 0, 4);
        commands.send();
        int ids = (int) reply.value();
        int found = ids << 16 | ids >>> 16;
        for (Chipset chipset : values()) {
            if (chipset.hostBridge == found) {
                return chipset;
            }
        }
        throw new IOException(String.format(
                "QEMU's machine has the host bridge [%04x:%04x], which is not known here; use -machine pc or -machine q35",
                found >>> 16, found & 0xffff));
    }

    /** Sets up what is peculiar to this chipset; the way to configuration space from then on. */
    abstract ConfigAccess powerOn(Qtest qtest);

    /** The input of the interrupt controller that a pin (1 to 4) of a device on the root bus goes to. */
    abstract int line(int device, int pin);

    /** Addresses for memory BARs below 4 GiB, the ones to use first in front. */
    abstract List<AddressRange> below4GiB(long ramEnd);

    /** What ACPI's tables would tell of the root bus. */
    HostBridge describe(List<AddressRange> ram) {
        long low = 0;
        long high = FOUR_GIB;
        for (AddressRange range : ram) {
            if (range.start() < FOUR_GIB) {
                low = Math.max(low, range.last() + 1);
            } else {
                high = Math.max(high, range.last() + 1);
            }
        }
        List<AddressRange> memory = new ArrayList<>(below4GiB(low));
        memory.add(new AddressRange((high + HIGH_GRANULE - 1) & -HIGH_GRANULE, HIGH_WINDOW));
        List<Integer> wiring = new ArrayList<>();
        for (int device = 0; device < DEVICES; device++) {
            for (int pin = 1; pin <= PINS; pin++) {
                wiring.add(line(device, pin));
            }
        }
        return new HostBridge(
                0,
                0,
                0xff,
                memory,
                List.of(
                        new AddressRange(0, CONFIG_PORTS),
                        new AddressRange(CONFIG_PORTS_END, PORTS_END - CONFIG_PORTS_END)),
                wiring);
    }
}
