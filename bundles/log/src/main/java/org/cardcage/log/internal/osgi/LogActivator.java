package org.cardcage.log.internal.osgi;

import org.cardcage.log.KernelLog;
import org.cardcage.log.internal.RingServiceProvider;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Offers the ring as a service. An activator, since the log is there before anything else. */
@Header(name = "Bundle-Activator", value = "${@class}")
public final class LogActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        context.registerService(KernelLog.class, RingServiceProvider.log(), null);
    }

    @Override
    public void stop(BundleContext context) {
        // the framework withdraws the service
    }
}
