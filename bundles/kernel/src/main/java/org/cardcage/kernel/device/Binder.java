package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cardcage.kernel.WaitQueue;

/**
 * The work on the lanes of the devices: compares what is wanted with what is, and acts.
 *
 * <p>Threads: as said at each method. The lock of the driver core guards the fields and all that is given here; no driver is
 * called under it.
 */
final class Binder {

    private final Object lock;
    private final BindingActions actions;
    private final Bindings bindings;
    private final MatchIndex drivers;
    private final Removals removals;
    private final Farewells farewells;
    private final WaitQueue changed;
    private final DeviceObjects objects;
    /** Whether no driver is asked to take a device. */
    boolean held;
    /** How often a driver has taken a device, so that nothing is missed between a probe and its wish to be asked later. */
    private long taken;

    Binder(
            Object lock,
            BindingActions actions,
            Bindings bindings,
            MatchIndex drivers,
            Removals removals,
            Farewells farewells,
            WaitQueue changed,
            DeviceObjects objects) {
        this.lock = lock;
        this.actions = actions;
        this.bindings = bindings;
        this.drivers = drivers;
        this.removals = removals;
        this.farewells = farewells;
        this.changed = changed;
        this.objects = objects;
    }

    /** Who waits for a condition looks at it again. */
    private void announce() {
        changed.wakeUp();
        farewells.announce();
    }

    /** A driver withdraws from all its devices. They are told one by one, so that the first have begun to leave before the last is told. */
    void withdraw(Driver driver) {
        List<Binding> concerned = new ArrayList<>();
        synchronized (lock) {
            drivers.remove(driver);
            for (Binding binding : bindings.all()) {
                binding.refused.remove(driver);
                binding.deferring.remove(driver);
                if (binding.candidates.contains(driver)) {
                    List<Driver> fewer = new ArrayList<>(binding.candidates);
                    fewer.remove(driver);
                    bindings.setCandidates(binding, fewer);
                }
                if (binding.uses(driver) || binding.waitsFor == driver) {
                    removals.begin(binding);
                    concerned.add(binding);
                }
            }
            postNext(); // also forgets the driver where none of this concerns a device
        }
        for (Binding binding : concerned) {
            synchronized (lock) {
                if (binding.uses(driver) || binding.waitsFor == driver) {
                    post(binding);
                }
            }
        }
    }

    /** Something may have to be done for a device; what only waits for its turn needs no thread. Caller holds the lock. */
    void post(Binding binding) {
        boolean idle = binding.present && binding.pending == 0 && binding.user() == null;
        if (idle) {
            boolean asked = binding.asked != null;
            Optional<Driver> next = binding.next(held);
            if (asked && binding.asked == null) {
                changed.wakeUp(); // nothing comes of it, since one of the two has gone
            }
            binding.waitsFor =
                    next.filter(d -> bindings.isEarlierPending(binding, d)).orElse(null);
            bindings.changed(binding);
            if (next.isEmpty() || binding.waitsFor != null) {
                return;
            }
        }
        begin(binding, () -> {});
    }

    /** Has something run on the lane of a device, and what has to be done for it after that. Caller holds the lock. */
    void begin(Binding binding, Runnable errand) {
        binding.pending++;
        bindings.changed(binding);
        binding.lane.execute(() -> work(binding, errand));
    }

    /** On the lane of the device: acts until what is equals what is wanted. */
    private void work(Binding binding, Runnable errand) {
        try {
            errand.run();
            announce();
            while (step(binding)) {
                announce();
            }
        } finally {
            boolean leaves = leaves(binding);
            if (leaves) {
                objects.removed(binding.device); // before anybody hears of it and uses the name again
            }
            synchronized (lock) {
                binding.pending--;
                if (binding.user() == null) {
                    binding.unwatch();
                }
                bindings.changed(binding);
                if (leaves && bindings.remove(binding)) {
                    binding.device.setGone();
                    binding.lane.close();
                    farewells.left(binding.device);
                }
                postNext();
            }
            announce();
        }
    }

    /** Whether the device has gone and no driver has it; this stays so. */
    private boolean leaves(Binding binding) {
        synchronized (lock) {
            return !binding.present && binding.bound == null;
        }
    }

    private boolean step(Binding binding) {
        Driver leaving = null;
        Optional<Driver> candidate = Optional.empty();
        synchronized (lock) {
            binding.waitsFor = null;
            if (binding.bound != null) {
                boolean stays = binding.present && !binding.unbinding && drivers.contains(binding.bound);
                leaving = stays ? null : binding.bound;
            } else {
                binding.unbinding = false;
                candidate = binding.next(held);
                binding.waitsFor = candidate
                        .filter(d -> bindings.isEarlierPending(binding, d))
                        .orElse(null);
                if (binding.waitsFor != null) {
                    bindings.changed(binding);
                    return false;
                }
                binding.probing = candidate.orElse(null);
            }
            bindings.changed(binding);
        }
        if (leaving != null) {
            unbind(binding, leaving);
            return true;
        }
        candidate.ifPresent(driver -> probe(binding, driver));
        return candidate.isPresent();
    }

    /**
     * A device has come to rest: for each driver the first of those that wait may have its turn, perhaps the device itself,
     * if the one before it was done while it was about to wait. Caller holds the lock.
     */
    void postNext() {
        bindings.takeNext().forEach(this::post);
    }

    /** Something has changed that a driver may have waited for. Caller holds the lock. */
    void retryDeferred() {
        bindings.takeDeferred().forEach(this::post);
    }

    private void probe(Binding binding, Driver driver) {
        long before;
        boolean bound = false;
        synchronized (lock) {
            before = taken;
            removals.watchProbe(binding);
        }
        try {
            bound = actions.probe(binding.device, driver);
        } finally {
            synchronized (lock) {
                probed(binding, driver, bound, before != taken);
            }
        }
    }

    private void probed(Binding binding, Driver driver, boolean bound, boolean othersBound) {
        if (binding.asked != null && binding.asked.driver == driver) {
            binding.answer(binding.device.lastProbe());
        }
        binding.overdue = false;
        if (bound) {
            binding.bound = driver;
            binding.deferring.clear();
            taken++;
            retryDeferred();
        } else if (drivers.contains(driver)) {
            boolean later = binding.device.lastProbe().kind() == ProbeOutcome.Kind.DEFERRED;
            if (!later || !othersBound) {
                binding.refused.add(driver);
            }
            if (later && !othersBound) {
                binding.deferring.add(driver);
            }
        }
        binding.probing = null;
        if (!binding.isLeaving(drivers)) {
            binding.unwatch();
        }
        settled(binding, driver);
    }

    /** Caller holds the lock. */
    private void settled(Binding binding, Driver driver) {
        bindings.changed(binding);
        if (bindings.usedBy(driver).isEmpty()) {
            farewells.left(driver);
        }
    }

    private void unbind(Binding binding, Driver driver) {
        synchronized (lock) {
            removals.begin(binding);
        }
        try {
            actions.unbind(binding.device, driver);
        } finally {
            synchronized (lock) {
                binding.unwatch();
                binding.bound = null;
                binding.overdue = false;
                settled(binding, driver);
            }
        }
    }
}
