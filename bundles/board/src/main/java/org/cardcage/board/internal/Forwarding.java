package org.cardcage.board.internal;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.cardcage.machine.AddressRange;

/**
 * What the bridge above a bus lets through at the moment.
 *
 * @param memory addresses of memory that go down to the bus
 * @param ports the same for I/O ports
 * @param allBut whether it is all but these addresses that go down
 * @param upward whether what begins below goes up: the bridge is bus master
 */
record Forwarding(List<AddressRange> memory, List<AddressRange> ports, boolean allBut, boolean upward) {

    /** Nothing goes through. */
    static final Forwarding NOTHING = new Forwarding(List.of(), List.of(), false, false);

    /** Of a bridge, by its registers. */
    static Forwarding of(ConfigSpace config) {
        if (config.holdsBelow()) {
            return NOTHING;
        }
        List<AddressRange> memory = config.memoryEnabled()
                ? Stream.of(config.bridge().memoryWindow(), config.bridge().prefetchWindow())
                        .filter(Objects::nonNull)
                        .toList()
                : List.of();
        AddressRange ports = config.ioEnabled() ? config.bridge().ioWindow() : null;
        return new Forwarding(memory, ports == null ? List.of() : List.of(ports), false, config.busMaster());
    }

    private List<AddressRange> ranges(boolean io) {
        return io ? ports : memory;
    }

    /** Whether all of these addresses go down. */
    boolean passes(boolean io, long address, long count) {
        for (AddressRange range : ranges(io)) {
            if (allBut ? overlaps(range, address, count) : range.contains(address, count)) {
                return !allBut;
            }
        }
        return allBut;
    }

    /** Whether some of these addresses go down. */
    boolean touches(boolean io, long address, long count) {
        for (AddressRange range : ranges(io)) {
            if (allBut ? range.contains(address, count) : overlaps(range, address, count)) {
                return !allBut;
            }
        }
        return allBut;
    }

    private static boolean overlaps(AddressRange range, long address, long count) {
        return range.contains(address, 1) || Long.compareUnsigned(range.start() - address, count) < 0;
    }
}
