package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.cardcage.kernel.CancelToken;
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
    private final WaitQueue changed;
    private final MatchIndex drivers = new MatchIndex();
    private final Bindings bindings = new Bindings();
    private final Farewells farewells = new Farewells(this);
    private final DeviceObjects objects;
    private final Removals removals;
    private final Binder binder;
    private final DeviceControl control;

    public DriverCore(Kernel kernel) {
        this.kernel = kernel;
        this.scheduler = kernel.scheduler();
        this.changed = new WaitQueue(scheduler, "a driver to be bound or to leave");
        objects = new DeviceObjects(kernel);
        BindingActions actions = new BindingActions(kernel, objects);
        this.removals = new Removals(this, kernel, actions, bindings, drivers, changed);
        this.binder = new Binder(this, actions, bindings, drivers, removals, farewells, changed, objects);
        removals.setOnOverdue(binder::postNext);
        this.control = new DeviceControl(this, scheduler, bindings, drivers, binder, removals, changed);
    }

    /** What is done with single devices by hand. */
    public DeviceControl control() {
        return control;
    }

    /** A device has been found; drivers that match are tried in the order of their registration. */
    public void addDevice(Device device) {
        objects.added(device);
        Binding binding = new Binding(device, scheduler.rareLane(device.name()));
        synchronized (this) {
            bindings.add(binding, drivers.candidates(device));
            binder.post(binding);
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
                binder.post(binding);
            }
        }
    }

    /**
     * Calls {@code action} once when the removed device has no driver any more: on the calling thread if that is so now,
     * else on the lane of the device.
     */
    public void whenRemoved(Device device, Runnable action) {
        farewells.when(device, () -> bindings.get(device) == null, action);
    }

    /**
     * A driver offers itself (Linux {@code driver_register}); it is tried on all devices that match and have none. Does not
     * wait, see {@link #awaitProbes}.
     *
     * @throws KernelException EBUSY if a driver of the same bus has its name
     */
    public void addDriver(Driver driver) {
        objects.added(driver);
        synchronized (this) {
            offer(driver);
        }
    }

    /** Caller holds {@code this}. */
    private void offer(Driver driver) {
        drivers.add(driver);
        for (Binding binding : bindings.all()) {
            if (driver.matches(binding.device)) {
                List<Driver> more = new ArrayList<>(binding.candidates);
                more.add(driver);
                bindings.setCandidates(binding, more);
                binder.post(binding);
            }
        }
        binder.retryDeferred();
    }

    /**
     * A driver matches other devices than before; those that it matches now and that have none are tried, even if it has
     * refused them before (Linux {@code driver_attach}). Does not wait.
     */
    public synchronized void driverChanged(Driver driver) {
        drivers.update(driver);
        for (Binding binding : bindings.all()) {
            rematch(binding);
            if (binding.candidates.contains(driver)) {
                binding.refused.remove(driver);
                binder.post(binding);
            }
        }
        binder.postNext();
        changed.wakeUp();
    }

    /** Caller holds {@code this}. */
    private void rematch(Binding binding) {
        bindings.setCandidates(binding, drivers.candidates(binding.device));
        if (binding.waitsFor != null) {
            binder.post(binding); // it may wait for another one now, or for nobody
        }
    }

    /** Other drivers match the device than before; it stays with the one that it has, and none is tried. */
    public synchronized void deviceChanged(Device device) {
        Binding binding = bindings.get(device);
        if (binding != null) {
            rematch(binding);
            binder.postNext();
            changed.wakeUp();
        }
    }

    /**
     * Waits until the probes have ended that are under way for a device.
     *
     * @throws KernelException EINTR on interrupt, or the token's errno
     */
    public void awaitProbes(Device device, CancelToken cancel) {
        Binding binding;
        synchronized (this) {
            binding = bindings.get(device);
        }
        if (binding != null) {
            control.awaitIdle(binding, cancel);
        }
    }

    /** Whether a probe or a removal is under way. */
    public synchronized boolean isChanging(Device device) {
        Binding binding = bindings.get(device);
        return binding != null && binding.watch != null;
    }

    /**
     * Waits until the probes that the driver's arrival has caused have ended.
     *
     * @throws KernelException EINTR on interrupt, or the token's errno
     */
    public void awaitProbes(Driver driver, CancelToken cancel) {
        changed.await(cancel, () -> {
            synchronized (this) {
                return bindings.busyOf(driver).stream().noneMatch(b -> b.isOpenTo(driver));
            }
        });
    }

    /**
     * A driver withdraws (Linux {@code driver_unregister}): it is removed from its devices, in the order of the removal
     * rules. Waits until it has left them all, but for each no longer than {@link Kernel#removeTimeout} from when it had to
     * leave it, and not at all if the calling thread is itself inside the driver.
     *
     * @return whether the driver has left; if not, it will as soon as those inside do
     */
    public boolean removeDriver(Driver driver) {
        binder.withdraw(driver);
        if (isInside(driver, Thread.currentThread())) {
            objects.removed(driver);
            return false;
        }
        boolean left = removals.await(() -> bindings.usedBy(driver).stream());
        objects.removed(driver);
        return left;
    }

    /** Whether no device is bound to the driver or being probed by it. */
    public synchronized boolean hasLeft(Driver driver) {
        return bindings.usedBy(driver).isEmpty();
    }

    /**
     * Calls {@code action} once when the driver has left all its devices: on the calling thread if that is so now, else on
     * the lane of the last device.
     */
    public void whenLeft(Driver driver, Runnable action) {
        farewells.when(driver, () -> hasLeft(driver), action);
    }

    /** Whether {@code thread} is inside a call of the driver, so that it must not wait for the driver to leave. */
    public boolean isInside(Driver driver, Thread thread) {
        List<Binding> used;
        synchronized (this) {
            used = List.copyOf(bindings.usedBy(driver));
        }
        return used.stream().anyMatch(b -> isInside(b, driver, thread));
    }

    boolean isInside(Binding binding, Driver driver, Thread thread) {
        return binding.lane.runner() == thread
                || binding.device.callers().contains(thread)
                || driver != null
                        && kernel.interrupts().handling(driver.module()).contains(thread);
    }

    /** The drivers whose code the module is: those registered, and those that have withdrawn and not left yet. */
    public synchronized List<Driver> driversOf(KernelModule module) {
        Set<Driver> all = new LinkedHashSet<>(drivers.all());
        all.addAll(bindings.users());
        return all.stream().filter(driver -> driver.module() == module).toList();
    }

    /** Drivers in the order of their registration. */
    public synchronized List<Driver> drivers() {
        return drivers.all();
    }

    /** Waits until all probes and removals under way have ended, or until {@code deadline}; whether they have. */
    public boolean settle(long deadline) {
        return changed.awaitUninterruptibly(deadline, () -> none(b -> b.isBusy() && !b.overdue));
    }

    private synchronized boolean none(Predicate<Binding> condition) {
        return bindings.all().stream().noneMatch(condition);
    }

    /**
     * Removes all drivers and devices; waits for all of them together as long as for one, and not again for who is overdue
     * already.
     */
    @Override
    public void close() {
        long deadline = scheduler.nanoTime() + kernel.removeTimeout();
        drivers().forEach(binder::withdraw);
        removals.await(() -> bindings.all().stream().filter(b -> b.user() != null));
        List<Binding> all;
        synchronized (this) {
            all = new ArrayList<>(bindings.all());
        }
        all.forEach(b -> removeDevice(b.device));
        settle(deadline);
    }
}
