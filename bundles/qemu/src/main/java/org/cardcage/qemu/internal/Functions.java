package org.cardcage.qemu.internal;

import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;
import org.cardcage.machine.MachineDescription.HostBridge;

/**
 * The functions of the machine that have answered somebody, so those that anybody knows of.
 *
 * <p>Threads: any.
 */
final class Functions {

    private static final int HEADER_TYPE = 0x0e;
    private static final int HEADER_BRIDGE = 1;
    private static final int HEADER_KIND = 0x7f;
    private static final int SECONDARY_BUS = 0x19;
    private static final int PINS = 4;
    /** More bridges above each other than there are buses are none. */
    private static final int DEEPEST = 256;

    private final NavigableSet<FunctionAddress> known = new ConcurrentSkipListSet<>();

    /** A read of its ids has been answered. */
    void seen(FunctionAddress function) {
        known.add(function);
    }

    /** All of them, those behind bridges first. */
    List<FunctionAddress> fromBehind() {
        return List.copyOf(known.descendingSet());
    }

    /**
     * The input of the interrupt controller that a pin arrives at; each bridge turns the pins by the device number (PCI-to-PCI Bridge
     * 1.2 section 9.1).
     *
     * @param pin 1 to 4
     * @return -1 if no bridge leads there
     */
    int line(Machine machine, HostBridge host, FunctionAddress function, int pin) {
        FunctionAddress at = function;
        int turned = pin;
        for (int depth = 0; at.bus() != host.firstBus(); depth++) {
            Optional<FunctionAddress> bridge = bridgeTo(machine, at.bus());
            if (bridge.isEmpty() || depth == DEEPEST) {
                return -1;
            }
            turned = (turned - 1 + at.device()) % PINS + 1;
            at = bridge.get();
        }
        return host.intxLine(at.device(), turned);
    }

    private Optional<FunctionAddress> bridgeTo(Machine machine, int bus) {
        return known.stream()
                .filter(f -> (machine.readConfig(f, HEADER_TYPE, 1) & HEADER_KIND) == HEADER_BRIDGE)
                .filter(f -> machine.readConfig(f, SECONDARY_BUS, 1) == bus)
                .findFirst();
    }
}
