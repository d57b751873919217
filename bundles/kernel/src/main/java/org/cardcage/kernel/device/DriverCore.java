package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
    private final WaitQueue changed;
    private final MatchIndex drivers = new MatchIndex();
    private final Bindings bindings = new Bindings();
    private final Farewells farewells = new Farewells(this);
    private final Removals removals;
    private final Binder binder;

    public DriverCore(Kernel kernel) {
        this.kernel = kernel;
        this.scheduler = kernel.scheduler();
        this.changed = new WaitQueue(scheduler, "a driver to be bound or to leave");
        BindingActions actions = new BindingActions(kernel);
        this.removals = new Removals(this, kernel, actions, bindings, drivers, changed);
        this.binder = new Binder(this, actions, bindings, drivers, removals, farewells, changed);
        removals.setOnOverdue(binder::postNext);
    }

    /** A device has been found; drivers that match are tried in the order of their registration. */
    public void addDevice(Device device) {
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
     * Takes a device out of use that is still there (Linux {@code device_del}): its driver leaves it, and from then on it is
     * as if it had gone. Waits for that, but no longer than {@link Kernel#removeTimeout}.
     *
     * @return whether it is done; if not, it will be as soon as those inside have left
     * @throws KernelException ENODEV if it is gone, EDEADLK if the calling thread is inside the driver or a call on the device
     */
    public boolean deleteDevice(Device device) {
        Binding binding = present(device);
        if (isInside(binding, device.driver().orElse(null), Thread.currentThread())) {
            throw wouldWaitForItself(device);
        }
        synchronized (this) {
            present(device); // it may have gone since
            binding.present = false;
            removals.begin(binding);
            binder.post(binding);
        }
        return removals.await(() -> Stream.of(binding).filter(b -> bindings.get(device) == b));
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
     */
    public synchronized void addDriver(Driver driver) {
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
     * Tries the drivers that match a device without one, even those that have refused it before (Linux {@code
     * device_attach}); waits for the end of the probes.
     *
     * @throws KernelException ENODEV if the device is gone, EINTR on interrupt, or the token's errno
     */
    public void attach(Device device, CancelToken cancel) {
        Binding binding;
        synchronized (this) {
            binding = present(device);
            binding.refused.clear();
            binding.deferring.clear();
            bindings.changed(binding);
            binder.post(binding);
        }
        awaitIdle(binding, cancel);
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
            awaitIdle(binding, cancel);
        }
    }

    /** Whether a probe or a removal is under way. */
    public synchronized boolean isChanging(Device device) {
        Binding binding = bindings.get(device);
        return binding != null && binding.watch != null;
    }

    private void awaitIdle(Binding binding, CancelToken cancel) {
        changed.await(cancel, () -> {
            synchronized (this) {
                return !binding.isBusy() || binding.overdue;
            }
        });
    }

    /**
     * No driver is asked to take a device until {@link #releaseProbes}, as in the sleep of the machine (Linux {@code
     * device_block_probing}).
     */
    public synchronized void holdProbes() {
        binder.held = true;
    }

    /** Those are asked that have been held back. */
    public synchronized void releaseProbes() {
        binder.held = false;
        bindings.all().forEach(binder::post);
    }

    /**
     * Has something done with a device and its driver on the lane of the device, so that it meets no probe and no removal;
     * waits for the end. What the action throws is thrown.
     *
     * @param action told the driver that has the device
     * @throws KernelException ENODEV if the device is gone, EDEADLK if the calling thread is inside its driver, EINTR on
     *     interrupt, or the token's errno; the action may still run then
     */
    public void perform(Device device, CancelToken cancel, Consumer<Optional<Driver>> action) {
        Binding binding = present(device);
        if (isInside(binding, device.driver().orElse(null), Thread.currentThread())) {
            throw wouldWaitForItself(device);
        }
        Errand errand = new Errand(action);
        synchronized (this) {
            present(device); // it may have gone since
            binder.begin(binding, () -> errand.run(Optional.ofNullable(binding.bound)));
        }
        changed.await(cancel, errand::hasEnded);
        errand.check();
    }

    private static KernelException wouldWaitForItself(Device device) {
        return new KernelException(
                Errno.EDEADLK, "this thread is inside " + device.name() + " and would wait for itself");
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
            return false;
        }
        return removals.await(() -> bindings.usedBy(driver).stream());
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
            throw wouldWaitForItself(device);
        }
        synchronized (this) {
            if (!binding.uses(driver)) {
                throw new KernelException(Errno.ENODEV, device.name() + " is not bound to " + driver.name());
            }
            binding.unbinding = true;
            binding.refused.addAll(binding.candidates);
            removals.begin(binding);
            binder.post(binding);
        }
        if (!removals.await(() -> Stream.of(binding).filter(b -> b.uses(driver)))) {
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
     * @throws KernelException ENODEV if one of them is not there or they do not match, EBUSY if the device has a driver or is just being bound, EAGAIN
     *     if the driver wants to be asked later or none is asked at the moment, EINTR on interrupt, the token's errno, or that
     *     of the probe
     */
    public void bind(Device device, Driver driver, CancelToken cancel) {
        Binding binding;
        ProbeOutcome before;
        synchronized (this) {
            binding = present(device);
            before = device.lastProbe();
            if (!drivers.contains(driver) || !driver.matches(device)) {
                throw new KernelException(Errno.ENODEV, driver.name() + " is no driver for " + device.name());
            }
            if (binding.user() != null || binding.asked != null) {
                throw new KernelException(Errno.EBUSY, device.name() + " has a driver");
            }
            if (binder.held) {
                throw new KernelException(Errno.EAGAIN, "no driver is asked to take a device at the moment");
            }
            binding.asked = driver;
            binder.post(binding);
        }
        changed.await(cancel, () -> {
            synchronized (this) {
                return binding.asked != driver;
            }
        });
        ProbeOutcome outcome = device.lastProbe();
        if (outcome == before) {
            throw new KernelException(
                    Errno.ENODEV, device.name() + " or " + driver.name() + " has gone before the probe");
        }
        if (outcome.kind() == ProbeOutcome.Kind.DEFERRED && outcome.driver().equals(driver.name())) {
            throw new KernelException(Errno.EAGAIN, outcome.reason());
        }
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

    private boolean isInside(Binding binding, Driver driver, Thread thread) {
        return binding.lane.runner() == thread
                || binding.device.isInsideCall(thread)
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
