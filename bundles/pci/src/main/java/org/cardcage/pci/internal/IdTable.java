package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;

/**
 * The ids of a driver: those added by hand before those of its own table, each in their order (Linux {@code
 * pci_match_device}). Entries for one vendor and device are found by an index, the others are few and looked at in turn. Does
 * not change.
 */
final class IdTable {

    private final List<PciDeviceId> added;
    private final List<PciDeviceId> own;
    private final List<PciDeviceId> all = new ArrayList<>();
    /** Places in {@code all} of the entries for one vendor and device, ascending. */
    private final Map<Integer, List<Integer>> exact = new HashMap<>();
    /** Places of the others. */
    private final List<Integer> general = new ArrayList<>();

    IdTable(List<PciDeviceId> own) {
        this(List.of(), List.copyOf(own));
    }

    private IdTable(List<PciDeviceId> added, List<PciDeviceId> own) {
        this.added = added;
        this.own = own;
        all.addAll(added);
        all.addAll(own);
        for (int place = 0; place < all.size(); place++) {
            PciDeviceId id = all.get(place);
            if (isExact(id)) {
                exact.computeIfAbsent(key(id.vendor(), id.device()), k -> new ArrayList<>())
                        .add(place);
            } else {
                general.add(place);
            }
        }
    }

    private static boolean isExact(PciDeviceId id) {
        return id.vendor() != PciDeviceId.ANY && id.device() != PciDeviceId.ANY;
    }

    /** What devices of this vendor and device are indexed by. */
    static Integer key(int vendor, int device) {
        return vendor << 16 | device;
    }

    /** Keys of all devices that can match; empty if there are entries that do not tell. */
    Optional<Set<?>> keys() {
        return general.isEmpty() ? Optional.of(new HashSet<>(exact.keySet())) : Optional.empty();
    }

    /** The first entry that matches. */
    Optional<PciDeviceId> match(PciDevice device) {
        int place = Math.min(
                first(exact.getOrDefault(key(device.vendor(), device.device()), List.of()), device),
                first(general, device));
        return place == Integer.MAX_VALUE ? Optional.empty() : Optional.of(all.get(place));
    }

    private int first(List<Integer> places, PciDevice device) {
        for (int place : places) {
            if (all.get(place).matches(device)) {
                return place;
            }
        }
        return Integer.MAX_VALUE;
    }

    /** Whether some entry matches each device that {@code id} does. */
    boolean covers(PciDeviceId id) {
        return all.stream().anyMatch(entry -> entry.covers(id));
    }

    /** Whether one of the driver's own entries has this datum; it may then rely on knowing it. */
    boolean knows(long driverData) {
        return own.isEmpty() || own.stream().anyMatch(id -> id.driverData() == driverData);
    }

    IdTable with(PciDeviceId id) {
        List<PciDeviceId> more = new ArrayList<>(added);
        more.add(id);
        return new IdTable(List.copyOf(more), own);
    }

    /** The table without the first entry added by hand that {@code id} means; empty if there is none. */
    Optional<IdTable> without(PciDeviceId id) {
        List<PciDeviceId> fewer = new ArrayList<>(added);
        Optional<PciDeviceId> first = added.stream().filter(id::means).findFirst();
        first.ifPresent(fewer::remove);
        return first.map(entry -> new IdTable(List.copyOf(fewer), own));
    }
}
