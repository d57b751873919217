package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.ErrorSeverity;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Machine;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;

/**
 * The PCI buses of one kernel. Events of machines are worked off on one lane, so that devices come and go in order.
 *
 * <p>Threads: any; {@code this} guards {@code devices} and {@code machines}. A function that was pulled leaves the list at
 * once, but its place is used again only when its driver has left, so that the two never meet.
 */
public final class PciCore implements PciBus, AutoCloseable {

    private final Kernel kernel;
    private final Lane lane;
    /** For what waits for drivers, so that the other lane does not. */
    private final Lane errands;

    private final SystemSleep sleep;
    private final ErrorRecovery recovery;
    private final NavigableMap<FunctionAddress, PciFunction> devices = new TreeMap<>();
    private final Map<Machine, AttachedMachine> machines = new HashMap<>();
    /** Places whose former function a driver has not left yet; used on the lane only. */
    private final Set<FunctionAddress> leaving = new HashSet<>();
    /** Places to look at again when they are free; used on the lane only. */
    private final Map<FunctionAddress, AttachedMachine> rescans = new HashMap<>();

    public PciCore(Kernel kernel) {
        this.kernel = kernel;
        this.lane = kernel.scheduler().lane("pci");
        this.errands = kernel.scheduler().lane("pci/errands");
        this.sleep = new SystemSleep(this, kernel);
        this.recovery = new ErrorRecovery(this, kernel);
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

    private synchronized boolean isAttached(AttachedMachine machine) {
        return machines.get(machine.machine()) == machine;
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
        if (leaving.contains(address)) {
            rescans.put(address, machine);
            return false;
        }
        return true;
    }

    /** On the lane: drivers may have the function from now on. */
    void publish(PciFunction function) {
        // whoever sees it in the list may load a driver and rely on its probe
        synchronized (this) {
            devices.put(function.address(), function);
            function.bus().add(function);
            kernel.drivers().addDevice(function);
        }
    }

    /** On the lane: the function has gone, and with a bridge all that was behind it. */
    void removeGone(PciFunction function) {
        behind(function).forEach(this::removeOneGone);
        removeOneGone(function);
    }

    private void removeOneGone(PciFunction function) {
        forget(function); // before its driver can have left, whose users would still find it
        kernel.drivers().removeDevice(function);
        removed(function);
        function.log().info("device removed");
    }

    /** On the lane: nobody finds the function any more; its place is free when its driver has left. */
    private void removed(PciFunction function) {
        forget(function);
        leaving.add(function.address());
        function.regions().abandon();
        kernel.drivers().whenRemoved(function, () -> post(() -> hasLeft(function.address())));
    }

    private void forget(PciFunction function) {
        synchronized (this) {
            devices.remove(function.address(), function);
        }
        function.bus().remove(function);
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

    /** On the lane: nobody is inside the former function any more, so its place can be used again. */
    private void hasLeft(FunctionAddress address) {
        leaving.remove(address);
        AttachedMachine waiting = rescans.remove(address);
        if (waiting != null) {
            waiting.plugged(address);
        }
    }

    @Override
    public void addMachine(Machine machine) {
        AttachedMachine attached = new AttachedMachine(this, kernel, machine);
        synchronized (this) {
            if (machines.putIfAbsent(machine, attached) != null) {
                return;
            }
        }
        // first the listener, so that no card can come between the two
        machine.addListener(attached);
        post(attached, attached::scan);
        if (!isAttached(attached)) {
            machine.removeListener(attached);
        }
    }

    @Override
    public void removeMachine(Machine machine) {
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
        List<PciFunction> all;
        synchronized (this) {
            all = new ArrayList<>(devices.descendingMap().values());
        }
        all.stream().filter(function -> function.isOn(machine)).forEach(this::removeOneGone);
        kernel.addressSpaces().forget(machine);
    }

    @Override
    public Registration register(PciDriver driver, KernelModule module) {
        DriverAdapter adapter = new DriverAdapter(driver, module);
        kernel.drivers().addDriver(adapter);
        return new Registration() {
            @Override
            public void awaitProbes(CancelToken cancel) {
                kernel.drivers().awaitProbes(adapter, cancel);
            }

            @Override
            public boolean unregister() {
                return kernel.drivers().removeDriver(adapter);
            }

            @Override
            public void whenLeft(Runnable action) {
                kernel.drivers().whenLeft(adapter, action);
            }
        };
    }

    @Override
    public void bind(PciDevice device, String driver, CancelToken cancel) {
        kernel.drivers().bind(device, named(driver), cancel);
    }

    @Override
    public void probe(PciDevice device, CancelToken cancel) {
        kernel.drivers().attach(device, cancel);
    }

    @Override
    public void addId(String driver, PciDeviceId id, CancelToken cancel) {
        DriverAdapter adapter = named(driver);
        adapter.add(id);
        kernel.drivers().driverChanged(adapter);
        kernel.drivers().awaitProbes(adapter, cancel);
    }

    @Override
    public void removeId(String driver, PciDeviceId id) {
        DriverAdapter adapter = named(driver);
        adapter.remove(id);
        kernel.drivers().driverChanged(adapter);
    }

    @Override
    public void remove(PciDevice device) {
        PciFunction function = (PciFunction) device;
        List<PciFunction> deleted = new ArrayList<>();
        boolean left = true;
        try {
            for (PciFunction each : behind(function)) {
                left &= deleteUnlessGone(each, deleted);
            }
            left &= delete(function, deleted);
        } finally { // also if one of them refuses, those before it are to be forgotten
            onLane(new CancelToken(), () -> deleted.forEach(this::removed));
        }
        if (!left) {
            throw new KernelException(
                    Errno.EBUSY,
                    "a thread does not leave " + device.name() + " or what is behind it (see the kernel log)");
        }
    }

    private boolean delete(PciFunction function, List<PciFunction> deleted) {
        boolean left = kernel.drivers().deleteDevice(function);
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

    @Override
    public void rescan(CancelToken cancel) {
        List<PciFunction> found = new ArrayList<>();
        List<AttachedMachine> all;
        synchronized (this) {
            all = new ArrayList<>(machines.values());
        }
        onLane(cancel, () -> all.stream().filter(this::isAttached).forEach(machine -> found.addAll(machine.scan())));
        found.forEach(function -> kernel.drivers().awaitProbes(function, cancel));
    }

    /** Has a task run on the lane and waits for its end. */
    private void onLane(CancelToken cancel, Runnable task) {
        AtomicBoolean ended = new AtomicBoolean();
        WaitQueue end = new WaitQueue(kernel, "the PCI bus");
        lane.execute(() -> {
            try {
                task.run();
            } finally {
                ended.set(true);
                end.wakeUp();
            }
        });
        end.await(cancel, ended::get);
    }

    @Override
    public void unbind(PciDevice device, String driver) {
        kernel.drivers().unbind(device, named(driver));
    }

    private DriverAdapter named(String name) {
        return kernel.drivers().drivers().stream()
                .filter(DriverAdapter.class::isInstance)
                .map(DriverAdapter.class::cast)
                .filter(driver -> driver.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new KernelException(Errno.ENODEV, "no PCI driver is called " + name));
    }

    @Override
    public synchronized List<PciDevice> devices() {
        return new ArrayList<>(devices.values());
    }

    synchronized List<PciFunction> functions() {
        return new ArrayList<>(devices.values());
    }

    @Override
    public void suspend(CancelToken cancel) {
        sleep.suspend(cancel);
    }

    @Override
    public void resume(CancelToken cancel) {
        sleep.resume(cancel);
    }

    @Override
    public void shutdown(CancelToken cancel) {
        sleep.shutdown(cancel);
    }

    /** A function wants the machine to wake up. */
    void wakeRequested(PciFunction function) {
        if (!function.isCutOff() && function.power().takeWakeRequest()) {
            function.log().info("PME: wake-up requested");
            errand(() -> {
                try (Patience patience = new Patience(kernel)) {
                    sleep.resume(patience.token());
                }
            });
        }
    }

    /** The machine has seen an error of a function. */
    void errorReported(PciFunction function, ErrorSeverity severity) {
        switch (severity) {
            case CORRECTABLE -> function.log().warn("AER: Corrected error received");
            case NON_FATAL -> function.log().warn("AER: Uncorrected (Non-Fatal) error received");
            case FATAL -> function.log().error("AER: Uncorrected (Fatal) error received");
        }
        function.clearErrors();
        if (severity != ErrorSeverity.CORRECTABLE) {
            errand(() -> recovery.recover(function, severity == ErrorSeverity.FATAL));
        }
    }

    /** Somebody asks for the card to be taken out of use before it is pulled. */
    void ejectWanted(PciFunction function) {
        errand(() -> {
            function.log().info("is taken out of use, for its card to be pulled");
            try {
                remove(function);
            } catch (KernelException e) {
                function.log().warn("cannot be pulled yet: {}", e.getMessage());
            }
        });
    }

    private void errand(Runnable task) {
        try {
            errands.execute(task);
        } catch (RejectedExecutionException e) {
            kernel.logger("pci").info("an event came after the end of the bus and is dropped");
        }
    }

    @Override
    public Optional<PciDevice> device(FunctionAddress address) {
        return function(address).map(PciDevice.class::cast);
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
        errands.close();
    }
}
