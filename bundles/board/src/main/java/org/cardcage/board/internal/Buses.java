package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.MachineDescription.HostBridge;

/** The root buses of a board and what is below them. Threads: guarded by the lock of the {@link Fabric}. */
final class Buses {

    private final List<Bus> roots = new ArrayList<>();

    /** @param hosts the root buses; the first one also gets all addresses that no other one has a window for */
    Buses(List<HostBridge> hosts) {
        List<HostBridge> others = hosts.subList(1, hosts.size());
        Forwarding rest = new Forwarding(
                others.stream().flatMap(h -> h.memory().stream()).toList(),
                others.stream().flatMap(h -> h.ports().stream()).toList(),
                true,
                true);
        for (HostBridge host : hosts) {
            Forwarding own = new Forwarding(host.memory(), host.ports(), false, true);
            roots.add(new Bus(host.domain(), host.firstBus(), host.lastBus(), roots.isEmpty() ? rest : own));
        }
    }

    List<Bus> roots() {
        return roots;
    }

    /** The root bus with this number, or null. */
    Bus root(int domain, int number) {
        for (Bus root : roots) {
            if (root.domain == domain && root.number == number) {
                return root;
            }
        }
        return null;
    }

    /** Who answers configuration cycles at this address, or null. */
    Function function(FunctionAddress address) {
        for (Bus root : roots) {
            if (root.holds(address.domain(), address.bus())) {
                return root.function(address);
            }
        }
        return null;
    }

    /** The last bus that an access of the CPU gets to if no function claims it. */
    Bus end(boolean io, long address) {
        Bus end = null;
        for (Bus next = next(roots, io, address); next != null; next = next(end.below(), io, address)) {
            end = next;
        }
        return end;
    }

    private static Bus next(List<Bus> buses, boolean io, long address) {
        return buses.stream()
                .filter(b -> b.forwarding.passes(io, address, 1))
                .findFirst()
                .orElse(null);
    }
}
