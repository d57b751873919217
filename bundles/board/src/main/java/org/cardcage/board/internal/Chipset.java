package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.List;
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
    private static final int CONFIG_PORTS = 0xcf8;

    private Chipset() {}

    /** What the firmware's tables say. */
    public static MachineDescription describe(String name, Ram ram, int cpus, boolean firmwareHasRun) {
        List<AddressRange> ranges = ram.ranges();
        long lowEnd = ranges.get(0).last() + 1;
        long highEnd = ranges.size() > 1 ? ranges.get(1).last() + 1 : Ram.HIGH_START;
        long highStart = (highEnd + HIGH_GRANULE - 1) & -HIGH_GRANULE;
        List<AddressRange> memory = new ArrayList<>();
        memory.add(new AddressRange(lowEnd, HOLE_END - lowEnd));
        memory.add(new AddressRange(highStart, HIGH_WINDOW));
        List<AddressRange> ports =
                List.of(new AddressRange(0, CONFIG_PORTS), new AddressRange(CONFIG_PORTS + 8, 0x10000 - 0xd00));
        return new MachineDescription(
                name,
                List.of(new HostBridge(0, 0, 0xff, memory, ports, InterruptController.wiring())),
                ranges,
                cpus,
                firmwareHasRun);
    }

    /** Host bridge and ISA bridge, which do nothing but answer configuration cycles. */
    public static List<Function> functions440fx() {
        return List.of(
                Function.passive(
                        new FunctionAddress(0, 0, 0, 0),
                        FunctionDescription.of(0x8086, 0x1237, 0x060000)
                                .revision(2)
                                .subsystem(0x1af4, 0x1100)
                                .build()),
                Function.passive(
                        new FunctionAddress(0, 0, 1, 0),
                        FunctionDescription.of(0x8086, 0x7000, 0x060100)
                                .subsystem(0x1af4, 0x1100)
                                .build()));
    }
}
