package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.kobject.AttributeGroup;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Machine;

/**
 * The functions of all machines (Linux {@code drivers/pci/probe.c} and {@code remove.c}). Events of machines are worked off on
 * one lane, so that devices come and go in order; it waits for no driver.
 *
 * <p>Threads: any; {@code this} guards {@code devices} and {@code machines}. A function that was pulled leaves the list at
 * once, but its place is used again only when its driver has left, so that the two never meet.
 */
final class PciTopology implements AutoCloseable {

    private final Kernel kernel;
    private final Lane lane;
    private final FunctionEvents events;
    private final AttributeGroup<PciFunction> attributes;
    private final NavigableMap<FunctionAddress, PciFunction> devices = new TreeMap<>();
    private final Map<Machine, AttachedMachine> machines = new HashMap<>();
    /** Former functions that a driver has not left yet, by their places; used on the lane only. */
    private final Map<FunctionAddress, PciFunction> leaving = new HashMap<>();
    /** Places to look at again when they are free; used on the lane only. */
    private final Map<FunctionAddress, AttachedMachine> rescans = new HashMap<>();

    /**
     * @param events told of what functions want
     * @param attributes what functions show in {@code /sys}
     */
    PciTopology(Kernel kernel, FunctionEvents events, AttributeGroup<PciFunction> attributes) {
        this.attributes = attributes;
        this.kernel = kernel;
        this.lane = kernel.scheduler().lane("pci");
        this.events = events;
    }

    AttributeGroup<PciFunction> attributes() {
        return attributes;
    }

    FunctionEvents events() {
        return events;
    }

    /** Runs a task on the lane, if the machine is still in use by then. */
    void post(AttachedMachine machine, Runnable task) {
        post(() -> {
            if (isAttached(machine)) {
                task.run();
            }
        });
    }

    private void post(Runnable task) {
        try {
            lane.execute(task);
        } catch (RejectedExecutionException e) {
            kernel.logger("pci").info("an event came after the end of the bus and is dropped");
        }
    }

    /**
     * Has a task run on the lane and waits for its end.
     *
     * @throws KernelException ENODEV if the bus has ended, EINTR on interrupt, or the token's errno; the task runs all the same
     */
    void onLane(CancelToken cancel, Runnable task) {
        LaneTask posted = new LaneTask(kernel, task);
        execute(posted);
        posted.await(cancel);
    }

    /** The same; an interrupt is kept for later. */
    void onLaneUninterruptibly(Runnable task) {
        LaneTask posted = new LaneTask(kernel, task);
        execute(posted);
        posted.awaitUninterruptibly();
    }

    private void execute(Runnable task) {
        try {
            lane.execute(task);
        } catch (RejectedExecutionException e) {
            throw new KernelException(Errno.ENODEV, "the PCI bus has ended", e);
        }
    }

    /** A task that somebody waits for. */
    private static final class LaneTask implements Runnable {
        private final Runnable task;
        private final WaitQueue end;
        private volatile boolean ended;

        LaneTask(Kernel kernel, Runnable task) {
            this.task = task;
            this.end = new WaitQueue(kernel, "the PCI bus");
        }

        @Override
        public void run() {
            try {
                task.run();
            } finally {
                ended = true;
                end.wakeUp();
            }
        }

        void await(CancelToken cancel) {
            end.await(cancel, () -> ended);
        }

        void awaitUninterruptibly() {
            end.awaitUninterruptibly(() -> ended);
        }
    }

    private synchronized boolean isAttached(AttachedMachine machine) {
        return machines.get(machine.machine()) == machine;
    }

    void addMachine(Machine machine) {
        AttachedMachine attached = new AttachedMachine(this, kernel, machine);
        synchronized (this) {
            if (machines.putIfAbsent(machine, attached) != null) {
                return;
            }
        }
        kernel.interrupts().bringUp(machine.description().cpus());
        // first the listener, so that no card can come between the two
        machine.addListener(attached);
        post(attached, attached::scan);
        if (!isAttached(attached)) {
            machine.removeListener(attached);
        }
    }

    void removeMachine(Machine machine) {
        AttachedMachine attached;
        synchronized (this) {
            attached = machines.remove(machine);
            if (attached != null) {
                post(() -> detach(machine)); // before the scan of whoever adds it again
            }
        }
        if (attached != null) {
            machine.removeListener(attached);
        }
    }

    private void detach(Machine machine) {
        List<PciFunction> all = functions();
        Collections.reverse(all);
        all.stream().filter(function -> function.isOn(machine)).forEach(this::removeOneGone);
        kernel.addressSpaces().forget(machine);
    }

    /**
     * On the lane: whether a function that has been found may become a device. One whose predecessor has not left yet is found
     * again when that has happened.
     */
    boolean mayUse(AttachedMachine machine, FunctionAddress address) {
        if (function(address).isPresent()) {
            kernel.logger("pci").error("{} is on two machines; the second one is left out", address);
            return false;
        }
        if (leaving.containsKey(address)) {
            rescans.put(address, machine);
            return false;
        }
        return true;
    }

    /** On the lane: drivers may have the function from now on, unless the bridge above is just being taken out of use. */
    void publish(PciFunction function) {
        try {
            // whoever sees it in the list may load a driver and rely on its probe
            synchronized (this) {
                devices.put(function.address(), function);
                function.bus().add(function);
                kernel.drivers().addDevice(function);
            }
        } catch (KernelException e) {
            function.log().info("is left out: {}", e.getMessage());
            forget(function);
            function.abandon();
        }
    }

    /** On the lane: the function has gone, and with a bridge all that was behind it. */
    void removeGone(PciFunction function) {
        behind(function).forEach(this::removeOneGone);
        removeOneGone(function);
    }

    private void removeOneGone(PciFunction function) {
        if (forget(function)) { // before its driver can have left, whose users would still find it
            kernel.drivers().removeDevice(function);
            departed(function);
            function.log().info("device removed");
        }
    }

    /** Nobody finds it any more; whether anybody has until now. */
    private boolean forget(PciFunction function) {
        boolean known;
        synchronized (this) {
            known = devices.remove(function.address(), function);
        }
        if (known) {
            function.bus().remove(function);
        }
        return known;
    }

    /** On the lane: the place is free when the driver has left the function. */
    private void departed(PciFunction function) {
        leaving.put(function.address(), function);
        function.abandon();
        kernel.drivers().whenRemoved(function, () -> post(() -> hasLeft(function)));
    }

    /** On the lane: nobody is inside the former function any more, so its place can be used again. */
    private void hasLeft(PciFunction function) {
        FunctionAddress address = function.address();
        if (leaving.remove(address, function)) {
            AttachedMachine waiting = rescans.remove(address);
            if (waiting != null) {
                waiting.plugged(address);
            }
        }
    }

    /** What is behind a bridge, the farthest first. */
    List<PciFunction> behind(PciFunction bridge) {
        List<PciFunction> all = new ArrayList<>();
        for (Bus bus : bridge.bus().children()) {
            if (bus.bridge() == bridge) {
                synchronized (this) {
                    all.addAll(devices.subMap(
                                    new FunctionAddress(bus.domain(), bus.number(), 0, 0),
                                    true,
                                    new FunctionAddress(bus.domain(), bus.last(), 31, 7),
                                    true)
                            .values());
                }
            }
        }
        Collections.reverse(all);
        return all;
    }

    /**
     * Takes a function that is there and all behind it out of use.
     *
     * @throws KernelException as {@link org.cardcage.pci.PciBus#remove}
     */
    void remove(PciFunction function) {
        List<PciFunction> deleted = new ArrayList<>();
        boolean left = true;
        try {
            for (PciFunction each : behind(function)) {
                left &= deleteUnlessGone(each, deleted);
            }
            left &= delete(function, deleted);
        } finally { // also if one of them refuses, those before it are to be forgotten
            onLaneUninterruptibly(() -> forgetDeleted(deleted));
        }
        if (!left) {
            throw new KernelException(
                    Errno.EBUSY,
                    "a thread does not leave " + function.name() + " or what is behind it (see the kernel log)");
        }
    }

    /** On the lane: what has been found behind them meanwhile goes with them. */
    private void forgetDeleted(List<PciFunction> deleted) {
        for (PciFunction function : deleted) {
            behind(function).stream().filter(f -> !deleted.contains(f)).forEach(this::removeOneGone);
            if (forget(function)) {
                departed(function);
            }
        }
    }

    private boolean delete(PciFunction function, List<PciFunction> deleted) {
        boolean left = kernel.drivers().control().delete(function);
        deleted.add(function);
        return left;
    }

    /** What is pulled just then need not be deleted. */
    private boolean deleteUnlessGone(PciFunction function, List<PciFunction> deleted) {
        try {
            return delete(function, deleted);
        } catch (KernelException e) {
            if (e.errno() != Errno.ENODEV) {
                throw e;
            }
            return true;
        }
    }

    /** Looks for functions that are not known yet, on all machines; returns those found. */
    List<PciFunction> rescan(CancelToken cancel) {
        List<PciFunction> found = Collections.synchronizedList(new ArrayList<>());
        List<AttachedMachine> all;
        synchronized (this) {
            all = new ArrayList<>(machines.values());
        }
        onLane(cancel, () -> all.stream().filter(this::isAttached).forEach(machine -> found.addAll(machine.scan())));
        return new ArrayList<>(found);
    }

    /** All functions, by address. */
    synchronized List<PciFunction> functions() {
        return new ArrayList<>(devices.values());
    }

    synchronized Optional<PciFunction> function(FunctionAddress address) {
        return Optional.ofNullable(devices.get(address));
    }

    /** Ends the use of all machines. */
    @Override
    public void close() {
        List<Machine> all;
        synchronized (this) {
            all = new ArrayList<>(machines.keySet());
        }
        all.forEach(this::removeMachine);
        lane.close();
    }
}
