package org.cardcage.pci.internal.osgi;

import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.internal.Patience;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;

/**
 * The end of the framework is the power-off of the machine: before the first bundle is stopped, the drivers quiet their
 * devices. Called on the thread that stops the framework, which waits no longer than the kernel's time-out for removals.
 */
final class PowerOff implements SynchronousBundleListener {

    private final Kernel kernel;
    private final PciBus bus;

    PowerOff(Kernel kernel, PciBus bus) {
        this.kernel = kernel;
        this.bus = bus;
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            try (Patience patience = new Patience(kernel)) {
                bus.shutdown(patience.token());
            } catch (KernelException e) { // whoever hangs must not keep the others from stopping
                kernel.logger("pci").error("not all drivers have shut their devices down: {}", e.getMessage());
            }
        }
    }
}
