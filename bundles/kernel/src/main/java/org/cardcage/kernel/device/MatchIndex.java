package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The registered drivers, found by what exactly they are for. A new device asks those only whose keys contain its own and
 * those that only they themselves can tell, however many there are. The caller holds the lock of the driver core.
 */
final class MatchIndex {

    private record Entry(long order, Optional<Set<?>> keys) {}

    private final Map<Driver, Entry> drivers = new LinkedHashMap<>();
    private final Map<Object, Set<Driver>> exact = new HashMap<>();
    private final Set<Driver> general = new LinkedHashSet<>();
    private long registered;

    void add(Driver driver) {
        add(driver, registered++);
    }

    private void add(Driver driver, long order) {
        Entry entry = new Entry(order, driver.matchKeys().map(Set::copyOf));
        drivers.put(driver, entry);
        entry.keys()
                .ifPresentOrElse(
                        keys -> keys.forEach(key -> exact.computeIfAbsent(key, k -> new LinkedHashSet<>())
                                .add(driver)),
                        () -> general.add(driver));
    }

    void remove(Driver driver) {
        Entry entry = drivers.remove(driver);
        if (entry != null) {
            unindex(driver, entry);
        }
    }

    private void unindex(Driver driver, Entry entry) {
        general.remove(driver);
        for (Object key : entry.keys().orElse(Set.of())) {
            exact.computeIfPresent(key, (k, same) -> same.remove(driver) && same.isEmpty() ? null : same);
        }
    }

    /** The driver has other keys; its place in the order stays. */
    void update(Driver driver) {
        Entry entry = drivers.get(driver);
        if (entry != null) {
            unindex(driver, entry);
            add(driver, entry.order());
        }
    }

    boolean contains(Driver driver) {
        return drivers.containsKey(driver);
    }

    /** In the order of registration. */
    List<Driver> all() {
        return new ArrayList<>(drivers.keySet());
    }

    /** The drivers that match a device, in the order of registration. */
    List<Driver> candidates(Device device) {
        Optional<Object> key = device.matchKey();
        Collection<Driver> possible = drivers.keySet();
        if (key.isPresent()) {
            possible = new ArrayList<>(general);
            possible.addAll(exact.getOrDefault(key.get(), Set.of()));
        }
        List<Driver> found = new ArrayList<>();
        for (Driver driver : possible) {
            if (driver.matches(device)) {
                found.add(driver);
            }
        }
        found.sort(Comparator.comparingLong(driver -> drivers.get(driver).order()));
        return found;
    }
}
