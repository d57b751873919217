package org.cardcage.launcher.bundles;

import java.util.function.IntConsumer;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;

/** Leaves as soon as the system is up. */
public final class ExitsWithSeven implements BundleActivator, ServiceListener {
    private BundleContext context;

    @Override
    public void start(BundleContext context) throws Exception {
        this.context = context;
        context.addServiceListener(this, "(&(objectClass=java.util.function.IntConsumer)(cardcage.role=exit))");
    }

    @Override
    public void serviceChanged(ServiceEvent event) {
        if (event.getType() == ServiceEvent.REGISTERED) {
            ((IntConsumer) context.getService(event.getServiceReference())).accept(7);
            ((IntConsumer) context.getService(event.getServiceReference())).accept(8);
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
