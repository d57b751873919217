package org.cardcage.session.modules.edudep;

import org.cardcage.kernel.module.Module;
import org.cardcage.pci.PciBus;
import org.osgi.annotation.bundle.Header;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.slf4j.LoggerFactory;

/** Needs a symbol of the EDU driver and says how many cards that has. */
@Module(name = "edudep", description = "needs edu", license = "Apache-2.0")
@Requirement(namespace = "cardcage.symbol", name = "edu_device_count")
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class Edudep implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        PciBus bus = context.getService(context.getServiceReference(PciBus.class));
        long cards = bus.devices().stream()
                .filter(device ->
                        device.driver().filter(d -> d.name().equals("edu")).isPresent())
                .count();
        LoggerFactory.getLogger("edudep").info("{} edu devices", cards);
    }

    @Override
    public void stop(BundleContext context) {
        // the framework gives the service back
    }
}
