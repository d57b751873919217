package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Kernel;
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
 * <p>Threads: any; {@code this} guards the tables.
 */
public final class PciCore implements PciBus, AutoCloseable {

    private final Kernel kernel;
    private final Lane lane;
    private final Map<FunctionAddress, PciFunction> devices = new TreeMap<>();
    private final Map<Machine, Attached> machines = new HashMap<>();

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
            lane.execute(() -> new PciScanner(machine).scanSlot(function).forEach(f -> add(machine, f)));
        }

        @Override
        public void gone(FunctionAddress function) {
            lane.execute(() -> remove(function));
        }
    }

    @Override
    public void addMachine(Machine machine) {
        Attached attached = new Attached(machine);
        synchronized (this) {
            if (machines.putIfAbsent(machine, attached) != null) {
                return;
            }
        }
        lane.execute(() -> new PciScanner(machine).scan().forEach(f -> add(machine, f)));
        machine.addListener(attached);
    }

    @Override
    public void removeMachine(Machine machine) {
        Attached attached;
        synchronized (this) {
            attached = machines.remove(machine);
        }
        if (attached != null) {
            machine.removeListener(attached);
            lane.execute(() -> devices().stream()
                    .filter(device -> isOf(machine, device))
                    .forEach(device -> remove(device.address())));
        }
    }

    private static boolean isOf(Machine machine, PciDevice device) {
        return ((PciFunction) device).isOn(machine);
    }

    /** On the lane. */
    private void add(Machine machine, FunctionAddress address) {
        if (device(address).isPresent()) {
            return;
        }
        PciFunction function = new PciFunction(kernel, machine, address);
        synchronized (this) {
            devices.put(address, function);
        }
        function.log()
                .info(
                        "[{}:{}] type {} class 0x{}",
                        hex(function.vendor(), 4),
                        hex(function.device(), 4),
                        hex(function.headerType(), 2),
                        hex(function.classCode(), 6));
        function.bars().forEach(bar -> function.log().info("reg 0x{}: {}", hex(0x10 + 4 * bar.bar(), 2), bar));
        kernel.drivers().addDevice(function);
    }

    private static String hex(int value, int digits) {
        return String.format("%0" + digits + "x", value);
    }

    /** On the lane. */
    private void remove(FunctionAddress address) {
        PciFunction function;
        synchronized (this) {
            function = devices.remove(address);
        }
        if (function != null) {
            kernel.drivers().removeDevice(function);
            function.log().info("device removed");
        }
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
            public boolean isInside(Thread thread) {
                return kernel.drivers().isInside(adapter, thread);
            }
        };
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
