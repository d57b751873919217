package org.cardcage.launcher;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the functions of a dump hang together, by the bus numbers of the bridges. A bus that no bridge leads to is a root bus,
 * unless its number is below a bridge: what is on such a bus, and what a machine could not find either, is left out.
 */
final class DumpedBuses {
    private static final Comparator<DumpedFunction> ORDER = Comparator.comparingLong(
                    (DumpedFunction f) -> Integer.toUnsignedLong(f.domain))
            .thenComparingInt(f -> f.bus)
            .thenComparingInt(f -> f.device)
            .thenComparingInt(f -> f.function);

    /** A bus of a domain. */
    record Number(int domain, int bus) {
        @Override
        public String toString() {
            return String.format("%04x:%02x", domain, bus);
        }
    }

    /** The bridge above each bus; null for a root bus. */
    private final Map<Number, DumpedFunction> above = new LinkedHashMap<>();

    private final Map<DumpedFunction, String> slots = new LinkedHashMap<>();
    /** Function 0 of each device. */
    private final Map<String, DumpedFunction> devices = new HashMap<>();

    private final List<String> remarks = new ArrayList<>();

    DumpedBuses(List<DumpedFunction> dump) {
        Map<Number, DumpedFunction> bridges = new HashMap<>();
        Set<Number> lost = new HashSet<>();
        List<DumpedFunction> sorted = dump.stream().sorted(ORDER).toList();
        for (DumpedFunction f : sorted) {
            Number bus = new Number(f.domain, f.bus);
            if (!above.containsKey(bus) && !lost.contains(bus)) {
                DumpedFunction bridge = bridges.get(bus);
                if (bridge == null && bridges.values().stream().anyMatch(b -> b.leadsBelow(f.domain, f.bus))) {
                    lost.add(bus);
                    remarks.add("bus " + bus + " is left out: no bridge of the dump leads to it");
                } else {
                    above.put(bus, bridge);
                }
            }
            if (lost.contains(bus)
                    || !place(f, bus)
                    || !f.isBridge()
                    || f.secondaryBus() <= f.bus
                    || !f.leadsBelow(f.domain, f.secondaryBus())) {
                continue;
            }
            bridges.putIfAbsent(new Number(f.domain, f.secondaryBus()), f);
        }
    }

    private boolean place(DumpedFunction f, Number bus) {
        String device = slot(bus, f.device);
        DumpedFunction bridge = above.get(bus);
        if (!f.answers()) {
            remarks.add(f + " is left out: it does not give a vendor id");
        } else if (f.device > 0 && bridge != null && bridge.isPort()) {
            remarks.add(f + " is left out: the link of the port " + bridge + " leads to device 0 only");
        } else if (f.function > 0 && !devices.containsKey(device)) {
            remarks.add(f + " is left out: there is no function 0 of its device");
        } else {
            DumpedFunction first = devices.computeIfAbsent(device, d -> f);
            if (first != f && first.makeMultiFunction()) {
                remarks.add(first + " is made a multi-function device: without that bit " + f + " could not be found");
            }
            slots.put(f, device + "." + f.function);
            if (bridge != null && bridge.wake()) {
                remarks.add(bridge + " is woken up: as it sleeps in the dump, nothing behind it could be found");
            }
            return true;
        }
        return false;
    }

    private String slot(Number bus, int device) {
        DumpedFunction bridge = above.get(bus);
        return bridge == null
                ? String.format("%s:%02x", bus, device)
                : String.format("%s/%02x", slots.get(bridge), device);
    }

    /** The functions that are part of the machine, each bridge before what is behind it, and where they go. */
    Map<DumpedFunction, String> slots() {
        return slots;
    }

    /** The bridge that a function is behind; null on a root bus. */
    DumpedFunction bridge(DumpedFunction function) {
        return above.get(new Number(function.domain, function.bus));
    }

    List<Number> roots() {
        return above.entrySet().stream()
                .filter(e -> e.getValue() == null)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What is left out, and why. */
    List<String> remarks() {
        return remarks;
    }
}
