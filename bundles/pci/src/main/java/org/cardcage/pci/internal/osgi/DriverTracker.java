package org.cardcage.pci.internal.osgi;

import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDriver;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * A PciDriver service is a registered driver as long as it is there. The framework calls under locks that nobody else must
 * wait for, so arrival is only noted and worked off on a lane of the driver; departure waits, but not for ever.
 */
final class DriverTracker extends ServiceTracker<PciDriver, TrackedDriver> {

    private final Kernel kernel;
    private final PciBus bus;

    DriverTracker(BundleContext context, Kernel kernel, PciBus bus) {
        super(context, PciDriver.class, null);
        this.kernel = kernel;
        this.bus = bus;
    }

    @Override
    public TrackedDriver addingService(ServiceReference<PciDriver> reference) {
        String bundle = reference.getBundle().getSymbolicName();
        KernelModule module =
                kernel.modules().of(reference.getBundle().getBundleId(), bundle.substring(bundle.lastIndexOf('.') + 1));
        TrackedDriver driver = new TrackedDriver(kernel, bus, module, () -> context.getService(reference));
        driver.arrive();
        return driver;
    }

    @Override
    public void removedService(ServiceReference<PciDriver> reference, TrackedDriver driver) {
        driver.leave(() -> context.ungetService(reference));
    }
}
