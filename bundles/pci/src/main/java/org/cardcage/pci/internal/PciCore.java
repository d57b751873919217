package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Machine;
import org.cardcage.machine.MachineListener;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
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
    private final Map<FunctionAddress, PciFunction> devices = new TreeMap<>();
    private final Map<Machine, Attached> machines = new HashMap<>();
    /** Places whose former function a driver has not left yet; used on the lane only. */
    private final Set<FunctionAddress> leaving = new HashSet<>();
    /** Places to look at again when they are free; used on the lane only. */
    private final Map<FunctionAddress, Attached> rescans = new HashMap<>();

    public PciCore(Kernel kernel) {
        this.kernel = kernel;
        this.lane = kernel.scheduler().lane("pci");
    }

    /** A machine in use and its events. */
    private final class Attached implements MachineListener {
        private final Machine machine;

        Attached(Machine machine) {
            this.machine = machine;
        }

        @Override
        public void plugged(FunctionAddress function) {
            work(() -> new PciScanner(machine).scanSlot(function).forEach(this::add));
        }

        @Override
        public void gone(FunctionAddress function) {
            work(() -> device(function).map(PciFunction.class::cast).ifPresent(this::remove));
        }

        void scan() {
            work(() -> new PciScanner(machine).scan().forEach(this::add));
        }

        void detach() {
            machine.removeListener(this);
            post(() -> devices().forEach(device -> remove((PciFunction) device)));
        }

        private void work(Runnable task) {
            post(() -> {
                if (isAttached(this)) {
                    task.run();
                }
            });
        }

        /** On the lane. A function whose predecessor has not left yet is found again when that has happened. */
        private void add(FunctionAddress address) {
            Optional<PciDevice> present = device(address);
            if (present.isPresent()) {
                if (!((PciFunction) present.get()).isOn(machine)) {
                    kernel.logger("pci").error("{} is on two machines; the second one is left out", address);
                }
            } else if (leaving.contains(address)) {
                rescans.put(address, this);
            } else {
                PciFunction function = new PciFunction(kernel, machine, address);
                announce(function);
                // whoever sees it in the list may load a driver and rely on its probe
                synchronized (PciCore.this) {
                    devices.put(address, function);
                    kernel.drivers().addDevice(function);
                }
            }
        }

        /** On the lane. */
        private void remove(PciFunction function) {
            if (!function.isOn(machine)) {
                return;
            }
            synchronized (PciCore.this) {
                devices.remove(function.address());
            }
            leaving.add(function.address());
            kernel.drivers().removeDevice(function);
            function.disconnect();
            kernel.drivers().whenRemoved(function, () -> post(() -> hasLeft(function.address())));
            function.log().info("device removed");
        }
    }

    /** On the lane: nobody is inside the former function any more, so its place can be used again. */
    private void hasLeft(FunctionAddress address) {
        leaving.remove(address);
        Attached waiting = rescans.remove(address);
        if (waiting != null) {
            waiting.plugged(address);
        }
    }

    private void post(Runnable task) {
        try {
            lane.execute(task);
        } catch (RejectedExecutionException e) {
            kernel.logger("pci").info("an event came after the end of the bus and is dropped");
        }
    }

    private synchronized boolean isAttached(Attached attached) {
        return machines.get(attached.machine) == attached;
    }

    @Override
    public void addMachine(Machine machine) {
        Attached attached = new Attached(machine);
        synchronized (this) {
            if (machines.putIfAbsent(machine, attached) != null) {
                return;
            }
        }
        // first the listener, so that no card can come between the two
        machine.addListener(attached);
        attached.scan();
        if (!isAttached(attached)) {
            machine.removeListener(attached);
        }
    }

    @Override
    public void removeMachine(Machine machine) {
        Attached attached;
        synchronized (this) {
            attached = machines.remove(machine);
        }
        if (attached != null) {
            attached.detach();
        }
    }

    private static void announce(PciFunction function) {
        function.log()
                .info(
                        "[{}:{}] type {} class 0x{}",
                        hex(function.vendor(), 4),
                        hex(function.device(), 4),
                        hex(function.headerType(), 2),
                        hex(function.classCode(), 6));
        function.bars().forEach(bar -> function.log().info("reg 0x{}: {}", hex(0x10 + 4 * bar.bar(), 2), bar));
    }

    private static String hex(int value, int digits) {
        return String.format("%0" + digits + "x", value);
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

            @Override
            public boolean isInside(Thread thread) {
                return kernel.drivers().isInside(adapter, thread);
            }
        };
    }

    @Override
    public void bind(PciDevice device, String driver, CancelToken cancel) {
        kernel.drivers().bind(device, named(driver), cancel);
    }

    @Override
    public void unbind(PciDevice device, String driver) {
        kernel.drivers().unbind(device, named(driver));
    }

    private Driver named(String name) {
        return kernel.drivers().drivers().stream()
                .filter(driver ->
                        driver instanceof DriverAdapter && driver.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new KernelException(Errno.ENODEV, "no PCI driver is called " + name));
    }

    @Override
    public synchronized List<PciDevice> devices() {
        return new ArrayList<>(devices.values());
    }

    @Override
    public synchronized Optional<PciDevice> device(FunctionAddress address) {
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
