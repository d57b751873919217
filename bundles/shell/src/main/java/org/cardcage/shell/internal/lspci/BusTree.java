package org.cardcage.shell.internal.lspci;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.PciFunction;

/**
 * Which bridge leads to which bus, found as pciutils does, by the secondary and subordinate bus numbers alone: they may contradict
 * each other, and then some functions hang from the root or seem to lie behind a bridge of another branch.
 */
final class BusTree {

    private static final int BASE_CLASS_BRIDGE = 0x06;

    /** A bus with what sits on it. */
    record Bus(int domain, int number, List<PciFunction> functions) {}

    /** A bridge, or the root of all. */
    static final class Bridge {

        private final Optional<PciFunction> function;
        private final int secondary;
        private final int subordinate;
        private final List<Bus> buses = new ArrayList<>();

        private Bridge(Optional<PciFunction> function, int secondary, int subordinate) {
            this.function = function;
            this.secondary = secondary;
            this.subordinate = subordinate;
        }

        int secondary() {
            return secondary;
        }

        int subordinate() {
            return subordinate;
        }

        List<Bus> buses() {
            return buses;
        }

        private int domain() {
            return function.map(f -> f.slot().domain()).orElse(0);
        }

        private boolean leadsTo(int domain, int bus) {
            return domain() == domain && secondary <= bus && bus <= subordinate;
        }

        private Bus bus(int domain, int number) {
            return buses.stream()
                    .filter(b -> b.domain == domain && b.number == number)
                    .findFirst()
                    .orElseGet(() -> {
                        Bus bus = new Bus(domain, number, new ArrayList<>());
                        buses.add(bus);
                        return bus;
                    });
        }

        private boolean hasBus(int domain, int number) {
            return buses.stream().anyMatch(b -> b.domain == domain && b.number == number);
        }
    }

    private final Bridge root = new Bridge(Optional.empty(), 0, Integer.MAX_VALUE);
    private final List<Bridge> bridges = new ArrayList<>();
    private final Map<PciFunction, Bridge> byFunction = new IdentityHashMap<>();
    private final Map<PciFunction, Bridge> above = new IdentityHashMap<>();

    /** @param functions by address */
    BusTree(List<PciFunction> functions) {
        bridges.add(root);
        functions.forEach(this::bridge);
        bridges.forEach(b -> b.bus(b.domain(), b.secondary));
        functions.forEach(this::insert);
    }

    private void bridge(PciFunction f) {
        ConfigBytes config = f.config();
        int type = config.headerType();
        if (!f.isUnreadable() && f.identity().classCode() >> 8 == BASE_CLASS_BRIDGE && (type == 1 || type == 2)) {
            Bridge b = new Bridge(Optional.of(f), config.u8(0x19), config.u8(0x1a));
            bridges.add(b);
            byFunction.put(f, b);
        }
    }

    /** Behind the last bridge that claims its bus, and that bridge is found first that lies deepest. */
    private void insert(PciFunction f) {
        int domain = f.slot().domain();
        int number = f.slot().bus();
        Bridge owner = root;
        for (int i = bridges.size() - 1; i > 0 && owner == root && !root.hasBus(domain, number); i--) {
            owner = bridges.get(i).leadsTo(domain, number) ? bridges.get(i) : root;
        }
        owner.bus(domain, number).functions.add(f);
        above.put(f, owner);
    }

    Bridge root() {
        return root;
    }

    /** What the function is, if it is a bridge. */
    Optional<Bridge> asBridge(PciFunction f) {
        return Optional.ofNullable(byFunction.get(f));
    }

    /** The bridge that leads to the function; empty if it hangs from the root. */
    Optional<PciFunction> bridgeAbove(PciFunction f) {
        return above.get(f).function;
    }
}
