package org.cardcage.launcher.bundles;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceEvent;

/** Stops the framework when the system is up, as Gogo does at the end of input. */
public final class StopsTheFramework implements BundleActivator {
    @Override
    public void start(BundleContext context) throws Exception {
        context.addServiceListener(event -> stopAll(context, event), "(cardcage.role=exit)");
    }

    private static void stopAll(BundleContext context, ServiceEvent event) {
        if (event.getType() == ServiceEvent.REGISTERED) {
            try {
                context.getBundle(0).stop();
            } catch (BundleException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
