package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.machine.Scheduler;

/**
 * Keeps devices bound to the drivers that want them (Linux {@code drivers/base/dd.c}). Events only change what is wanted;
 * the lane of each device compares that with what is and acts, so that a probe or remove that hangs holds up its own
 * device alone, and the two never overlap.
 *
 * <p>Threads: any. {@code this} guards the tables and the fields of the bindings; no driver is called under it.
 */
public final class DriverCore implements AutoCloseable {

    /** How long a removal waits for those inside before it reports them, in nanoseconds. */
    public static final long REMOVE_TIMEOUT = 10_000_000_000L;

    private final Kernel kernel;
    private final Scheduler scheduler;
    private final BindingActions actions;
    private final WaitQueue changed;
    private final List<Driver> drivers = new ArrayList<>();
    private final Map<Device, Binding> bindings = new LinkedHashMap<>();
    private final List<Farewell> farewells = new ArrayList<>();

    /** Somebody wants to know when a driver or a device has left; {@code gone} is asked under the lock. */
    private record Farewell(BooleanSupplier gone, Runnable action) {}

    public DriverCore(Kernel kernel) {
        this.kernel = kernel;
        this.scheduler = kernel.scheduler();
        this.actions = new BindingActions(kernel);
        this.changed = new WaitQueue(scheduler, "a driver to be bound or to leave");
    }

    /** A device has been found; drivers that match are tried in the order of their registration. */
    public void addDevice(Device device) {
        Binding binding = new Binding(device, scheduler.lane(device.name()));
        synchronized (this) {
            bindings.put(device, binding);
            post(binding);
        }
    }

    /**
     * The device has gone; its driver is removed. Does not wait, see {@link #whenRemoved}.
     */
    public void removeDevice(Device device) {
        device.setGone();
        synchronized (this) {
            Binding binding = bindings.get(device);
            if (binding != null) {
                binding.present = false;
                watch(binding);
                post(binding);
            }
        }
    }

    /**
     * Calls {@code action} once when the removed device has no driver any more: on the calling thread if that is so now,
     * else on the lane of the device.
     */
    public void whenRemoved(Device device, Runnable action) {
        when(() -> !isPresent(device), action);
    }

    private synchronized boolean isPresent(Device device) {
        return bindings.containsKey(device);
    }

    /**
     * A driver offers itself (Linux {@code driver_register}); it is tried on all devices that match and have none. Does not
     * wait, see {@link #awaitProbes}.
     */
    public void addDriver(Driver driver) {
        synchronized (this) {
            drivers.add(driver);
            for (Binding binding : bindings.values()) {
                if (driver.matches(binding.device)) {
                    post(binding);
                }
            }
        }
    }

    /**
     * Waits until the probes that the driver's arrival has caused have ended.
     *
     * @throws org.cardcage.kernel.KernelException EINTR on interrupt, or the token's errno
     */
    public void awaitProbes(Driver driver, CancelToken cancel) {
        changed.await(cancel, () -> none(b -> b.isBusy() && !b.overdue && b.present && driver.matches(b.device)));
    }

    /**
     * A driver withdraws (Linux {@code driver_unregister}): it is removed from its devices, in the order of the removal
     * rules. Waits until it has left them all, but no longer than {@link #REMOVE_TIMEOUT}, and not at all if the calling
     * thread is itself inside the driver.
     *
     * @return whether the driver has left; if not, it will as soon as those inside do
     */
    public boolean removeDriver(Driver driver) {
        long deadline = scheduler.nanoTime() + REMOVE_TIMEOUT;
        synchronized (this) {
            drivers.remove(driver);
            for (Binding binding : bindings.values()) {
                binding.refused.remove(driver);
                if (binding.uses(driver) || binding.waitsFor == driver) {
                    post(binding);
                }
            }
        }
        if (isInside(driver, Thread.currentThread())) {
            return false;
        }
        boolean left = changed.awaitUninterruptibly(deadline, () -> hasLeft(driver));
        if (!left) {
            overdue(b -> b.uses(driver));
        }
        return left;
    }

    /** Whether no device is bound to the driver or being probed by it. */
    public boolean hasLeft(Driver driver) {
        return none(b -> b.uses(driver));
    }

    /**
     * Calls {@code action} once when the driver has left all its devices: on the calling thread if that is so now, else on
     * the lane of the last device.
     */
    public void whenLeft(Driver driver, Runnable action) {
        when(() -> hasLeft(driver), action);
    }

    private void when(BooleanSupplier gone, Runnable action) {
        synchronized (this) {
            if (!gone.getAsBoolean()) {
                farewells.add(new Farewell(gone, action));
                return;
            }
        }
        action.run();
    }

    /** Who waits for a condition looks at it again. */
    private void announce() {
        List<Farewell> due;
        synchronized (this) {
            due = farewells.stream().filter(f -> f.gone().getAsBoolean()).toList();
            farewells.removeAll(due);
        }
        changed.wakeUp();
        due.forEach(f -> f.action().run());
    }

    /** Whether {@code thread} is inside a call of the driver, so that it must not wait for the driver to leave. */
    public boolean isInside(Driver driver, Thread thread) {
        return matching(b -> b.uses(driver)).stream()
                        .anyMatch(b -> b.lane.runner() == thread || b.device.isInsideCall(thread))
                || kernel.interrupts()
                        .handling(driver.module())
                        .filter(handler -> handler == thread)
                        .isPresent();
    }

    /** Drivers in the order of their registration. */
    public synchronized List<Driver> drivers() {
        return new ArrayList<>(drivers);
    }

    /** Waits until all probes and removals under way have ended, or until {@code deadline}; whether they have. */
    public boolean settle(long deadline) {
        return changed.awaitUninterruptibly(deadline, () -> none(b -> b.isBusy() && !b.overdue));
    }

    private boolean none(Predicate<Binding> condition) {
        return matching(condition).isEmpty();
    }

    private synchronized List<Binding> matching(Predicate<Binding> condition) {
        return bindings.values().stream().filter(condition).toList();
    }

    /** Caller holds {@code this}. */
    private void post(Binding binding) {
        binding.pending++;
        binding.lane.execute(() -> work(binding));
    }

    /** On the lane of the device: acts until what is equals what is wanted. */
    private void work(Binding binding) {
        try {
            while (step(binding)) {
                announce();
            }
        } finally {
            synchronized (this) {
                binding.pending--;
                if (binding.user() == null) {
                    unwatch(binding);
                }
                if (!binding.present && binding.bound == null && bindings.remove(binding.device) != null) {
                    binding.lane.close();
                }
                postNext();
            }
            announce();
        }
    }

    private boolean step(Binding binding) {
        Driver leaving = null;
        Optional<Driver> candidate = Optional.empty();
        synchronized (this) {
            binding.waitsFor = null;
            if (binding.bound != null) {
                leaving = binding.present && drivers.contains(binding.bound) ? null : binding.bound;
            } else if (binding.present) {
                candidate = drivers.stream()
                        .filter(d -> !binding.refused.contains(d) && d.matches(binding.device))
                        .findFirst();
                binding.waitsFor =
                        candidate.filter(d -> isEarlierPending(binding, d)).orElse(null);
                if (binding.waitsFor != null) {
                    return false;
                }
                binding.probing = candidate.orElse(null);
            }
        }
        if (leaving != null) {
            unbind(binding, leaving);
            return true;
        }
        candidate.ifPresent(driver -> probe(binding, driver));
        return candidate.isPresent();
    }

    /**
     * Whether the driver has still to probe a device that was found before this one. A driver takes its devices one after
     * the other in the order in which they were found, as on Linux, so that the first card is the first node. Caller holds
     * {@code this}.
     */
    private boolean isEarlierPending(Binding binding, Driver driver) {
        for (Binding earlier : bindings.values()) {
            if (earlier == binding) {
                return false;
            }
            boolean wanted = earlier.present && earlier.bound == null && earlier.isBusy();
            if (wanted && !earlier.refused.contains(driver) && driver.matches(earlier.device)) {
                return true;
            }
        }
        return false;
    }

    /** A device is done, so that for each driver the first of those that wait may have its turn. Caller holds {@code this}. */
    private void postNext() {
        Set<Driver> seen = new HashSet<>();
        for (Binding binding : bindings.values()) {
            Driver driver = binding.waitsFor;
            if (driver != null && seen.add(driver) && binding.pending == 0 && !isEarlierPending(binding, driver)) {
                post(binding);
            }
        }
    }

    private void probe(Binding binding, Driver driver) {
        boolean bound = false;
        try {
            bound = actions.probe(binding.device, driver);
        } finally {
            synchronized (this) {
                binding.probing = null;
                binding.overdue = false;
                if (bound) {
                    binding.bound = driver;
                } else if (drivers.contains(driver)) {
                    binding.refused.add(driver);
                }
            }
        }
    }

    private void unbind(Binding binding, Driver driver) {
        synchronized (this) {
            watch(binding);
        }
        try {
            actions.unbind(binding.device, driver);
        } finally {
            synchronized (this) {
                unwatch(binding);
                binding.bound = null;
                binding.overdue = false;
            }
        }
    }

    /** From now on it is reported if the user of the device does not leave in time. Caller holds {@code this}. */
    private void watch(Binding binding) {
        if (binding.watch == null && binding.user() != null) {
            binding.watch = scheduler.schedule(
                    scheduler.nanoTime() + REMOVE_TIMEOUT, () -> overdue(b -> b == binding && b.user() != null));
        }
    }

    /** Caller holds {@code this}. */
    private static void unwatch(Binding binding) {
        if (binding.watch != null) {
            binding.watch.cancel();
            binding.watch = null;
        }
    }

    /** Says once per removal who does not leave. */
    private void overdue(Predicate<Binding> condition) {
        Map<Binding, Driver> late = new LinkedHashMap<>();
        synchronized (this) {
            for (Binding binding : bindings.values()) {
                if (condition.test(binding) && !binding.overdue) {
                    binding.overdue = true;
                    late.put(binding, binding.user());
                }
            }
        }
        late.forEach((binding, driver) -> actions.reportOverdue(binding.device, driver, binding.lane.runner()));
        changed.wakeUp();
    }

    /** Removes all drivers and devices. */
    @Override
    public void close() {
        drivers().forEach(this::removeDriver);
        matching(b -> true).forEach(b -> removeDevice(b.device));
    }
}
