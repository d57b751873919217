package org.cardcage.pci.internal.osgi;

import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kernel.module.Module;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.internal.DriverModules;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.util.tracker.ServiceTracker;

/**
 * A PciDriver service is a registered driver as long as it is there. The framework calls under locks that nobody else must
 * wait for, so arrival is only noted and worked off on a lane of the driver; departure waits, but not for ever.
 */
final class DriverTracker extends ServiceTracker<PciDriver, TrackedDriver> {

    private final Kernel kernel;
    private final PciBus bus;
    private final DriverModules modules;

    DriverTracker(BundleContext context, Kernel kernel, PciBus bus) {
        super(context, PciDriver.class, null);
        this.kernel = kernel;
        this.bus = bus;
        this.modules = new DriverModules(kernel.modules());
    }

    @Override
    public TrackedDriver addingService(ServiceReference<PciDriver> reference) {
        long owner = reference.getBundle().getBundleId();
        KernelModule module = modules.arrived(owner, moduleName(reference.getBundle()));
        TrackedDriver driver = new TrackedDriver(
                kernel, bus, module, () -> context.getService(reference), () -> forget(reference, owner));
        driver.arrive();
        return driver;
    }

    private static String moduleName(Bundle bundle) {
        return bundle.adapt(BundleRevision.class).getDeclaredCapabilities(Module.NAMESPACE).stream()
                .map(capability -> String.valueOf(capability.getAttributes().get(Module.NAMESPACE)))
                .findFirst()
                .orElseGet(bundle::getSymbolicName);
    }

    @Override
    public void removedService(ServiceReference<PciDriver> reference, TrackedDriver driver) {
        driver.leave();
    }

    private void forget(ServiceReference<PciDriver> reference, long owner) {
        modules.left(owner);
        try {
            context.ungetService(reference);
        } catch (IllegalStateException e) {
            kernel.logger("pci").debug("the framework has taken back {} with this bundle", reference);
        }
    }

    /** All drivers leave at once, so that those who hang are waited for together. */
    @Override
    public void close() {
        getTracked().values().forEach(TrackedDriver::beginToLeave);
        super.close();
    }
}
