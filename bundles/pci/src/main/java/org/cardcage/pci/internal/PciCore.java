package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;

/**
 * The PCI buses of one kernel: drivers, and what is done by hand. What devices there are is the business of {@link
 * PciTopology}.
 *
 * <p>Threads: any.
 */
public final class PciCore implements PciBus, AutoCloseable {

    private final class Handling implements FunctionEvents.Handling {

        @Override
        public void resume(CancelToken cancel) {
            sleep.resume(cancel);
        }

        @Override
        public void recover(PciFunction failed, boolean fatal) {
            recovery.recover(failed, fatal);
        }

        @Override
        public void remove(PciFunction function) {
            topology.remove(function);
        }
    }

    private final Kernel kernel;
    private final FunctionEvents events;
    private final PciTopology topology;
    private final BusFiles files;
    private final Runnable hideFiles;
    private final SystemSleep sleep;
    private final ErrorRecovery recovery;

    public PciCore(Kernel kernel) {
        this.kernel = kernel;
        this.events = new FunctionEvents(kernel, new Handling());
        this.topology = new PciTopology(kernel, events, new FunctionAttributes(this).group());
        this.files = new BusFiles(this);
        this.hideFiles = files.show(kernel);
        this.sleep = new SystemSleep(topology, kernel);
        this.recovery = new ErrorRecovery(topology, kernel);
    }

    PciTopology topology() {
        return topology;
    }

    @Override
    public void addMachine(Machine machine) {
        topology.addMachine(machine);
    }

    @Override
    public void removeMachine(Machine machine) {
        topology.removeMachine(machine);
    }

    @Override
    public Registration register(PciDriver driver, KernelModule module) {
        DriverAdapter adapter = new DriverAdapter(driver, module, files.ofDriver());
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
        kernel.drivers().control().bind(device, named(driver), cancel);
    }

    @Override
    public void probe(PciDevice device, CancelToken cancel) {
        kernel.drivers().control().attach(device, cancel);
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
    public void unbind(PciDevice device, String driver) {
        kernel.drivers().control().unbind(device, named(driver));
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
    public void remove(PciDevice device) {
        topology.remove((PciFunction) device);
    }

    @Override
    public void rescan(CancelToken cancel) {
        topology.rescan(cancel).forEach(function -> kernel.drivers().awaitProbes(function, cancel));
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

    @Override
    public List<PciDevice> devices() {
        return new ArrayList<>(topology.functions());
    }

    @Override
    public Optional<PciDevice> device(FunctionAddress address) {
        return topology.function(address).map(PciDevice.class::cast);
    }

    /** Ends the use of all machines. */
    @Override
    public void close() {
        hideFiles.run();
        topology.close();
        events.close();
    }
}
