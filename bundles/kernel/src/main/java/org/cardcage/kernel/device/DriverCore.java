package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.Scheduler;

/**
 * Keeps devices bound to the drivers that want them (Linux {@code drivers/base/dd.c}). Events only change what is wanted;
 * the lane of each device compares that with what is and acts, so that a probe or remove that hangs holds up its own
 * device alone, and the two never overlap.
 *
 * <p>Threads: any. {@code this} guards the tables and the fields of the bindings; no driver is called under it.
 */
public final class DriverCore implements AutoCloseable {

    private final Kernel kernel;
    private final Scheduler scheduler;
    private final BindingActions actions;
    private final WaitQueue changed;
    private final List<Driver> drivers = new ArrayList<>();
    private final Map<Device, Binding> bindings = new LinkedHashMap<>();
    private final Farewells farewells = new Farewells(this);
    private final Removals removals;

    public DriverCore(Kernel kernel) {
        this.kernel = kernel;
        this.scheduler = kernel.scheduler();
        this.actions = new BindingActions(kernel);
        this.changed = new WaitQueue(scheduler, "a driver to be bound or to leave");
        this.removals = new Removals(this, kernel, actions, bindings.values(), drivers, changed, this::postNext);
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
                removals.begin(binding);
                post(binding);
            }
        }
    }

    /**
     * Calls {@code action} once when the removed device has no driver any more: on the calling thread if that is so now,
     * else on the lane of the device.
     */
    public void whenRemoved(Device device, Runnable action) {
        farewells.when(() -> !isPresent(device), action);
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
     * @throws KernelException EINTR on interrupt, or the token's errno
     */
    public void awaitProbes(Driver driver, CancelToken cancel) {
        changed.await(cancel, () -> none(b -> b.isBusy() && b.present && b.isOpenTo(driver)));
    }

    /**
     * A driver withdraws (Linux {@code driver_unregister}): it is removed from its devices, in the order of the removal
     * rules. Waits until it has left them all, but for each no longer than {@link Kernel#removeTimeout} from when it had to
     * leave it, and not at all if the calling thread is itself inside the driver.
     *
     * @return whether the driver has left; if not, it will as soon as those inside do
     */
    public boolean removeDriver(Driver driver) {
        withdraw(driver);
        if (isInside(driver, Thread.currentThread())) {
            return false;
        }
        return removals.await(b -> b.uses(driver));
    }

    private synchronized void withdraw(Driver driver) {
        drivers.remove(driver);
        for (Binding binding : bindings.values()) {
            binding.refused.remove(driver);
            if (binding.uses(driver) || binding.waitsFor == driver) {
                if (binding.uses(driver)) {
                    removals.begin(binding);
                }
                post(binding);
            }
        }
    }

    /**
     * Takes the device from its driver, both of which stay (Linux {@code device_driver_detach}). It is then without driver
     * until a new one arrives or somebody calls {@link #bind}.
     *
     * @throws KernelException ENODEV if the device is not with this driver, EDEADLK if the calling thread is inside the driver
     *     or a call on the device, EBUSY if somebody has not left it after {@link Kernel#removeTimeout} (it is unbound once
     *     he has)
     */
    public void unbind(Device device, Driver driver) {
        Binding binding = present(device);
        if (isInside(binding, driver, Thread.currentThread())) {
            throw new KernelException(
                    Errno.EDEADLK, "this thread is inside " + device.name() + " and would wait for itself");
        }
        synchronized (this) {
            if (!binding.uses(driver)) {
                throw new KernelException(Errno.ENODEV, device.name() + " is not bound to " + driver.name());
            }
            binding.unbinding = true;
            binding.refused.addAll(drivers);
            removals.begin(binding);
            post(binding);
        }
        if (!removals.await(b -> b == binding && b.uses(driver))) {
            throw new KernelException(
                    Errno.EBUSY,
                    "a thread does not leave " + device.name()
                            + " (see the kernel log); it is unbound once that has left");
        }
    }

    /**
     * Has the driver probe the device although it may have refused before (Linux {@code device_driver_attach}); waits for the
     * end of the probe.
     *
     * @throws KernelException ENODEV if one of them is not there or they do not match, EBUSY if the device has a driver, EINTR
     *     on interrupt, the token's errno, or that of the probe
     */
    public void bind(Device device, Driver driver, CancelToken cancel) {
        Binding binding = present(device);
        synchronized (this) {
            if (!drivers.contains(driver) || !driver.matches(device)) {
                throw new KernelException(Errno.ENODEV, driver.name() + " is no driver for " + device.name());
            }
            if (binding.user() != null) {
                throw new KernelException(Errno.EBUSY, device.name() + " has a driver");
            }
            binding.asked = driver;
            post(binding);
        }
        changed.await(cancel, () -> none(b -> b == binding && b.asked == driver));
        ProbeOutcome outcome = device.lastProbe();
        if (outcome.kind() != ProbeOutcome.Kind.BOUND || !outcome.driver().equals(driver.name())) {
            throw new KernelException(outcome.errno().orElse(Errno.ENODEV), outcome.reason());
        }
    }

    private synchronized Binding present(Device device) {
        Binding binding = bindings.get(device);
        if (binding == null || !binding.present) {
            throw new KernelException(Errno.ENODEV, device.name() + " is gone");
        }
        return binding;
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
        farewells.when(() -> hasLeft(driver), action);
    }

    /** Who waits for a condition looks at it again. */
    private void announce() {
        changed.wakeUp();
        farewells.announce();
    }

    /** Whether {@code thread} is inside a call of the driver, so that it must not wait for the driver to leave. */
    public boolean isInside(Driver driver, Thread thread) {
        return matching(b -> b.uses(driver)).stream().anyMatch(b -> isInside(b, driver, thread));
    }

    private boolean isInside(Binding binding, Driver driver, Thread thread) {
        return binding.lane.runner() == thread
                || binding.device.isInsideCall(thread)
                || kernel.interrupts().handling(driver.module()).contains(thread);
    }

    /** The drivers whose code the module is: those registered, and those that have withdrawn and not left yet. */
    public synchronized List<Driver> driversOf(KernelModule module) {
        Set<Driver> all = new LinkedHashSet<>(drivers);
        bindings.values().stream().map(Binding::user).filter(Objects::nonNull).forEach(all::add);
        return all.stream().filter(driver -> driver.module() == module).toList();
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
                    binding.unwatch();
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
                boolean stays = binding.present && !binding.unbinding && drivers.contains(binding.bound);
                leaving = stays ? null : binding.bound;
            } else {
                binding.unbinding = false;
                candidate = binding.nextOf(drivers);
                binding.waitsFor = candidate
                        .filter(d -> ProbeOrder.isEarlierPending(bindings.values(), binding, d))
                        .orElse(null);
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
     * A device has come to rest: for each driver the first of those that wait may have its turn, perhaps the device itself,
     * if the one before it was done while it was about to wait. Caller holds {@code this}.
     */
    private void postNext() {
        ProbeOrder.next(bindings.values()).forEach(this::post);
    }

    private void probe(Binding binding, Driver driver) {
        boolean bound = false;
        synchronized (this) {
            removals.watchProbe(binding);
        }
        try {
            bound = actions.probe(binding.device, driver);
        } finally {
            synchronized (this) {
                binding.asked = null;
                binding.overdue = false;
                if (bound) {
                    binding.bound = driver;
                } else if (drivers.contains(driver)) {
                    binding.refused.add(driver);
                }
                binding.probing = null;
                if (!binding.isLeaving(drivers)) {
                    binding.unwatch();
                }
            }
        }
    }

    private void unbind(Binding binding, Driver driver) {
        synchronized (this) {
            removals.begin(binding);
        }
        try {
            actions.unbind(binding.device, driver);
        } finally {
            synchronized (this) {
                binding.unwatch();
                binding.bound = null;
                binding.overdue = false;
            }
        }
    }

    /**
     * Removes all drivers and devices; waits for all of them together as long as for one, and not again for who is overdue
     * already.
     */
    @Override
    public void close() {
        long deadline = scheduler.nanoTime() + kernel.removeTimeout();
        drivers().forEach(this::withdraw);
        removals.await(b -> b.user() != null);
        matching(b -> true).forEach(b -> removeDevice(b.device));
        settle(deadline);
    }
}
