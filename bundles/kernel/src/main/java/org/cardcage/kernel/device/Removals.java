package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Scheduler;

/**
 * The time that probes and removals have. A removal has one deadline from its beginning on, however many wait for it and
 * whenever they come: several that hang are waited for together. Who is still inside then is reported and loses the
 * hardware; a probe that is merely slow is only reported.
 *
 * <p>Threads: any. The lock of the driver core guards the bindings; a device is cut off on a lane of its own, since its
 * machine is foreign code.
 */
final class Removals {

    /** The part of the time-out that a removal waits on top of it for the hardware to be taken from who is inside. */
    private static final int CUT_OFF_SHARE = 10;

    private final Object lock;
    private final Kernel kernel;
    private final Scheduler scheduler;
    private final BindingActions actions;
    private final Bindings bindings;
    private final MatchIndex drivers;
    private final WaitQueue changed;
    private Runnable onOverdue = () -> {};

    /**
     * @param lock guards the collections and what is in them
     * @param changed is woken whenever something has changed in them
     */
    Removals(
            Object lock,
            Kernel kernel,
            BindingActions actions,
            Bindings bindings,
            MatchIndex drivers,
            WaitQueue changed) {
        this.lock = lock;
        this.kernel = kernel;
        this.scheduler = kernel.scheduler();
        this.actions = actions;
        this.bindings = bindings;
        this.drivers = drivers;
        this.changed = changed;
    }

    /** @param action run under the lock when somebody has become overdue; said once, before anything is removed */
    void setOnOverdue(Runnable action) {
        onOverdue = action;
    }

    private long deadline() {
        return scheduler.nanoTime() + kernel.removeTimeout();
    }

    /** The probe of a device begins; if it takes too long, that is said. Caller holds the lock. */
    void watchProbe(Binding binding) {
        if (binding.watch == null) {
            watch(binding);
        }
    }

    /** The user of the device, if it has one, shall leave it from now on. Caller holds the lock. */
    void begin(Binding binding) {
        if (binding.user() != null && !binding.removal) {
            binding.unwatch();
            binding.removal = true;
            watch(binding);
        }
    }

    private void watch(Binding binding) {
        binding.deadline = deadline();
        // what has ended while the timer went off, or begun anew, is in time
        binding.watch = scheduler.schedule(
                binding.deadline, () -> overdue(b -> b == binding && b.deadline <= scheduler.nanoTime()));
    }

    /**
     * Waits until there is none of these bindings, but not beyond the deadline that their removals have; whether none is.
     *
     * @param inUse those that are left; asked for again and again, under the lock
     */
    boolean await(Supplier<Stream<Binding>> inUse) {
        boolean left = changed.awaitUninterruptibly(deadlineOf(inUse), () -> none(inUse, b -> true));
        if (!left) {
            Set<Binding> late;
            synchronized (lock) {
                late = inUse.get().collect(Collectors.toSet());
            }
            overdue(late::contains);
            changed.awaitUninterruptibly(
                    scheduler.nanoTime() + kernel.removeTimeout() / CUT_OFF_SHARE,
                    () -> none(inUse, b -> b.device.cutOff().isUnderWay()));
        }
        return left;
    }

    /** The last one; those whose removal has no deadline yet get a new one. */
    private long deadlineOf(Supplier<Stream<Binding>> inUse) {
        synchronized (lock) {
            long now = scheduler.nanoTime();
            return inUse.get()
                    .mapToLong(b -> b.removal ? b.deadline : deadline())
                    .max()
                    .orElse(now);
        }
    }

    private boolean none(Supplier<Stream<Binding>> bindingsInUse, Predicate<Binding> condition) {
        synchronized (lock) {
            return bindingsInUse.get().noneMatch(condition);
        }
    }

    /**
     * Says who does not leave, once per probe and once per removal, and cuts off the devices of those who shall. Those go
     * on that wait for their turn after them.
     */
    private void overdue(Predicate<Binding> condition) {
        Map<Binding, Driver> late = new LinkedHashMap<>();
        List<Binding> cut = new ArrayList<>();
        synchronized (lock) {
            for (Binding binding : bindings.all()) {
                if (binding.user() != null && condition.test(binding)) {
                    boolean toBeCut = binding.isLeaving(drivers)
                            && binding.device.cutOff().begin();
                    if (toBeCut) {
                        cut.add(binding);
                    }
                    if (toBeCut || !binding.overdue) {
                        late.put(binding, binding.user());
                    }
                    binding.overdue = true;
                    bindings.changed(binding);
                }
            }
            onOverdue.run();
        }
        late.forEach((binding, driver) -> actions.reportOverdue(binding.device, driver, binding.lane.runner()));
        cut.forEach(binding -> cutOff(binding.device, late.get(binding)));
        changed.wakeUp();
    }

    private void cutOff(Device device, Driver driver) {
        Lane lane = scheduler.lane(device.name() + "/off");
        lane.execute(() -> {
            try {
                actions.cutOff(device, driver);
            } finally {
                device.cutOff().end();
                changed.wakeUp();
            }
        });
        lane.close();
    }
}
