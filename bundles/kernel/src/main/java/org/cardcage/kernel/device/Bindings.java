package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All bindings, and of each driver those that it uses and those where something is still to be done: so that a change of one
 * device costs the same however many there are. The caller holds the lock of the driver core and calls {@link #changed} after
 * each change of a field that decides about the sets.
 */
final class Bindings {

    private final Map<Device, Binding> all = new LinkedHashMap<>();
    /** Of each driver those that match it and are there and busy, in the order in which they were found. */
    private final Map<Driver, NavigableSet<Binding>> busy = new HashMap<>();

    private final Map<Driver, Set<Binding>> used = new HashMap<>();
    /** Those that a driver will take later. */
    private final Set<Binding> deferred = new LinkedHashSet<>();
    /** Drivers for which another device may be next. */
    private final Set<Driver> touched = new LinkedHashSet<>();

    private long found;

    void add(Binding binding, List<Driver> candidates) {
        binding.number = found++;
        binding.candidates = new ArrayList<>(candidates);
        all.put(binding.device, binding);
    }

    /** Returns whether it was there. */
    boolean remove(Binding binding) {
        binding.candidates.clear();
        deferred.remove(binding);
        return all.remove(binding.device) != null;
    }

    Binding get(Device device) {
        return all.get(device);
    }

    Collection<Binding> all() {
        return all.values();
    }

    /** Those that the driver has or is just probing. */
    Collection<Binding> usedBy(Driver driver) {
        return used.getOrDefault(driver, Set.of());
    }

    Set<Driver> users() {
        return used.keySet();
    }

    /** Those that match the driver where something is still to be done. */
    Collection<Binding> busyOf(Driver driver) {
        return busy.getOrDefault(driver, Collections.emptyNavigableSet());
    }

    /** Other drivers match the device than before. */
    void setCandidates(Binding binding, List<Driver> candidates) {
        dequeue(binding);
        touched.addAll(binding.candidates); // those that it holds up no more
        binding.candidates = new ArrayList<>(candidates);
        changed(binding);
    }

    /** Puts the binding where its fields say that it belongs. */
    void changed(Binding binding) {
        boolean active = binding.present && binding.isBusy();
        if (active && !binding.queued) {
            binding.queued = true;
            for (Driver driver : binding.candidates) {
                busy.computeIfAbsent(driver, d -> new TreeSet<>(Comparator.comparingLong((Binding b) -> b.number)))
                        .add(binding);
            }
        } else if (!active) {
            dequeue(binding);
        }
        touched.addAll(binding.candidates);
        Driver user = binding.user();
        if (user != binding.counted) {
            discard(used, binding.counted, binding);
            if (user != null) {
                used.computeIfAbsent(user, d -> new LinkedHashSet<>()).add(binding);
            }
            binding.counted = user;
        }
        if (binding.deferring.isEmpty()) {
            deferred.remove(binding);
        } else {
            deferred.add(binding);
        }
    }

    private void dequeue(Binding binding) {
        if (binding.queued) {
            binding.queued = false;
            binding.candidates.forEach(driver -> discard(busy, driver, binding));
        }
    }

    private static void discard(Map<Driver, ? extends Set<Binding>> sets, Driver driver, Binding binding) {
        sets.computeIfPresent(driver, (d, set) -> set.remove(binding) && set.isEmpty() ? null : set);
    }

    /** Those that a driver has put off, which may be asked again from then on. */
    List<Binding> takeDeferred() {
        List<Binding> again = new ArrayList<>(deferred);
        for (Binding binding : again) {
            binding.refused.removeAll(binding.deferring);
            binding.deferring.clear();
        }
        deferred.clear();
        return again;
    }

    /**
     * Whether the driver has still to probe a device that was found before this one. A driver takes its devices one after
     * the other in the order in which they were found, as on Linux, so that the first card is the first node.
     */
    boolean isEarlierPending(Binding binding, Driver driver) {
        for (Binding earlier : busyOf(driver)) {
            if (earlier.number >= binding.number) {
                return false;
            }
            if (earlier.isWantedBy(driver)) {
                return true;
            }
        }
        return false;
    }

    /** For each driver where something has changed the first of those devices that wait, if it may have its turn. */
    List<Binding> takeNext() {
        List<Binding> due = new ArrayList<>();
        for (Driver driver : touched) {
            next(driver).filter(b -> b.pending == 0).ifPresent(due::add);
        }
        touched.clear();
        return due;
    }

    private Optional<Binding> next(Driver driver) {
        for (Binding binding : busyOf(driver)) {
            if (binding.waitsFor == driver) {
                return Optional.of(binding);
            }
            if (binding.isWantedBy(driver)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
