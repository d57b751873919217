package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.machine.Scheduler;

/**
 * What is done with single devices by hand (Linux {@code drivers/base/bus.c}): bind, unbind, probe, remove, and whatever else
 * must meet no probe and no removal.
 *
 * <p>Threads: any. The lock of the {@link DriverCore} guards the bindings; who waits does so without it. A caller that would
 * wait for itself gets EDEADLK.
 */
public final class DeviceControl {

    private final DriverCore core;
    private final Scheduler scheduler;
    private final Bindings bindings;
    private final MatchIndex drivers;
    private final Binder binder;
    private final Removals removals;
    private final WaitQueue changed;

    /** @param changed is woken whenever something has changed in the bindings */
    DeviceControl(
            DriverCore core,
            Scheduler scheduler,
            Bindings bindings,
            MatchIndex drivers,
            Binder binder,
            Removals removals,
            WaitQueue changed) {
        this.core = core;
        this.scheduler = scheduler;
        this.bindings = bindings;
        this.drivers = drivers;
        this.binder = binder;
        this.removals = removals;
        this.changed = changed;
    }

    /**
     * Has the driver probe the device although it may have refused before (Linux {@code device_driver_attach}); waits for the
     * end of the probe.
     *
     * @throws KernelException ENODEV if one of them is not there or they do not match, EBUSY if the device has a driver, EAGAIN
     *     if the driver wants to be asked later or none is asked at the moment, EINTR on interrupt, the token's errno, or that
     *     of the probe
     */
    public void bind(Device device, Driver driver, CancelToken cancel) {
        Ask ask = null;
        while (ask == null) {
            ask = ask(device, driver);
            if (ask == null) {
                changed.await(cancel, () -> !isAsked(device));
            }
        }
        Ask mine = ask;
        changed.await(cancel, () -> isAnswered(mine));
        ProbeOutcome outcome = mine.outcome()
                .orElseThrow(() -> new KernelException(
                        Errno.ENODEV, device.name() + " or " + driver.name() + " has gone before the probe"));
        if (outcome.kind() == ProbeOutcome.Kind.DEFERRED) {
            throw new KernelException(Errno.EAGAIN, outcome.reason());
        }
        if (outcome.kind() != ProbeOutcome.Kind.BOUND) {
            throw outcome.asException();
        }
    }

    /** Returns null if somebody else's driver is to be asked first. */
    private Ask ask(Device device, Driver driver) {
        synchronized (core) {
            Binding binding = present(device);
            if (!drivers.contains(driver) || !driver.matches(device)) {
                throw new KernelException(Errno.ENODEV, driver.name() + " is no driver for " + device.name());
            }
            if (binding.user() != null) {
                throw new KernelException(Errno.EBUSY, device.name() + " has a driver");
            }
            if (binder.held) {
                throw new KernelException(Errno.EAGAIN, "no driver is asked to take a device at the moment");
            }
            if (binding.asked != null) {
                return null;
            }
            binding.asked = new Ask(driver);
            binder.post(binding);
            return binding.asked;
        }
    }

    private boolean isAsked(Device device) {
        synchronized (core) {
            Binding binding = bindings.get(device);
            return binding != null && binding.asked != null;
        }
    }

    private boolean isAnswered(Ask ask) {
        synchronized (core) {
            return ask.isAnswered();
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
        checkNotInside(device);
        Binding binding;
        synchronized (core) {
            binding = present(device);
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
     * Tries the drivers that match a device without one, even those that have refused it before (Linux {@code
     * device_attach}); waits for the end of the probes.
     *
     * @throws KernelException ENODEV if the device is gone, EINTR on interrupt, or the token's errno
     */
    public void attach(Device device, CancelToken cancel) {
        Binding binding;
        synchronized (core) {
            binding = present(device);
            binding.refused.clear();
            binding.deferring.clear();
            bindings.changed(binding);
            binder.post(binding);
        }
        awaitIdle(binding, cancel);
    }

    void awaitIdle(Binding binding, CancelToken cancel) {
        changed.await(cancel, () -> {
            synchronized (core) {
                return !binding.isBusy() || binding.overdue;
            }
        });
    }

    /**
     * Takes a device out of use that is still there (Linux {@code device_del}): its driver leaves it, and from then on it is
     * as if it had gone. Waits for that, but no longer than {@link Kernel#removeTimeout}.
     *
     * @return whether it is done; if not, it will be as soon as those inside have left
     * @throws KernelException ENODEV if it is gone, EDEADLK if the calling thread is inside the driver or a call on the device
     */
    public boolean delete(Device device) {
        checkNotInside(device);
        Binding binding;
        synchronized (core) {
            binding = present(device);
            binding.present = false;
            removals.begin(binding);
            binder.post(binding);
        }
        return removals.await(() -> Stream.of(binding).filter(b -> bindings.get(device) == b));
    }

    /**
     * No driver is asked to take a device until {@link #releaseProbes}, as in the sleep of the machine (Linux {@code
     * device_block_probing}).
     */
    public void holdProbes() {
        synchronized (core) {
            binder.held = true;
        }
    }

    /** Those are asked that have been held back. */
    public void releaseProbes() {
        synchronized (core) {
            binder.held = false;
            bindings.all().forEach(binder::post);
        }
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
        checkNotInside(device);
        Errand errand = new Errand(action);
        synchronized (core) {
            post(present(device), errand);
        }
        changed.await(cancel, errand::hasEnded);
        errand.check();
    }

    /**
     * As {@link #perform}, but waits for nothing; if the device has gone, it is not done.
     *
     * @param action may not throw
     */
    public void performLater(Device device, Consumer<Optional<Driver>> action) {
        synchronized (core) {
            Binding binding = bindings.get(device);
            if (binding != null && binding.present) {
                post(binding, new Errand(action));
            }
        }
    }

    /** Caller holds the lock. */
    private void post(Binding binding, Errand errand) {
        binder.begin(binding, () -> errand.run(Optional.ofNullable(binding.bound)));
    }

    /**
     * As {@link #perform} with several devices, side by side. Those that have gone are passed over. What the action throws
     * is thrown when all have ended.
     *
     * @param deadline until when to wait; what has not begun by then never does
     * @return the devices where it has not ended by the deadline
     */
    public <D extends Device> List<D> performAll(
            Collection<D> devices, long deadline, BiConsumer<D, Optional<Driver>> action) {
        devices.forEach(this::checkNotInside);
        Map<D, Errand> errands = new LinkedHashMap<>();
        for (D device : devices) {
            synchronized (core) {
                Binding binding = bindings.get(device);
                if (binding != null && binding.present) {
                    Errand errand = new Errand(driver -> action.accept(device, driver));
                    errands.put(device, errand);
                    post(binding, errand);
                }
            }
        }
        changed.awaitUninterruptibly(deadline, () -> errands.values().stream().allMatch(Errand::hasEnded));
        errands.values().forEach(Errand::drop);
        errands.values().forEach(Errand::check);
        return errands.entrySet().stream()
                .filter(entry -> !entry.getValue().hasEnded())
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Has something done while nothing is under way with any of several devices, as with the locks of all of them (Linux
     * {@code pci_bus_lock}); on the lane of one of them, or on the calling thread if all have gone. Waits for the end; what
     * the action throws is thrown.
     *
     * @param deadline until when to wait for the devices to come to rest
     * @return whether it was done; if not, one of them did not come to rest
     * @throws KernelException EDEADLK if the calling thread is inside the driver of one of them
     */
    public boolean performTogether(Collection<? extends Device> devices, long deadline, Runnable action) {
        devices.forEach(this::checkNotInside);
        Gathering gathering;
        boolean alone;
        synchronized (core) {
            List<Binding> there = new ArrayList<>();
            for (Device device : devices) {
                Binding binding = bindings.get(device);
                if (binding != null && binding.present) {
                    there.add(binding);
                }
            }
            gathering = new Gathering(scheduler, Math.max(1, there.size()), action);
            there.forEach(binding -> binder.begin(binding, gathering::arrive));
            alone = there.isEmpty();
        }
        if (alone) {
            gathering.arrive();
        }
        return gathering.await(deadline);
    }

    /** Whether {@code thread} is on the lane of the device, in a call on it or in its driver, so that it must not wait for it. */
    public boolean isInside(Device device, Thread thread) {
        Binding binding;
        synchronized (core) {
            binding = bindings.get(device);
        }
        return binding != null && core.isInside(binding, device.user().orElse(null), thread);
    }

    private void checkNotInside(Device device) {
        if (isInside(device, Thread.currentThread())) {
            throw new KernelException(
                    Errno.EDEADLK, "this thread is inside " + device.name() + " and would wait for itself");
        }
    }

    /** Caller holds the lock, so that it stays so. */
    private Binding present(Device device) {
        Binding binding = bindings.get(device);
        if (binding == null || !binding.present) {
            throw new KernelException(Errno.ENODEV, device.name() + " is gone");
        }
        return binding;
    }
}
