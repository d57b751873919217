package org.cardcage.pci.internal.osgi;

import org.cardcage.kernel.Kernel;
import org.cardcage.machine.Machine;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.internal.PciCore;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.util.tracker.ServiceTracker;

/** The PCI bus of the framework's kernel: follows machines and drivers. */
@Component(
        service = {},
        immediate = true)
public final class PciBusComponent {

    private final PciCore core;
    private final ServiceRegistration<PciBus> registration;
    private final ServiceTracker<Machine, Machine> machines;
    private final ServiceTracker<PciDriver, ?> drivers;
    private final BundleContext context;
    private final SynchronousBundleListener powerOff;

    @Activate
    public PciBusComponent(BundleContext context, @Reference Kernel kernel) {
        this.context = context;
        core = new PciCore(kernel);
        registration = context.registerService(PciBus.class, core, null);
        machines = new MachineTracker(context, core);
        machines.open();
        drivers = new DriverTracker(context, kernel, core);
        drivers.open();
        powerOff = new PowerOff(kernel, core);
        context.addBundleListener(powerOff);
    }

    @Deactivate
    void deactivate() {
        context.removeBundleListener(powerOff);
        drivers.close();
        machines.close();
        registration.unregister();
        core.close();
    }
}
