package org.cardcage.launcher.bundles;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

/** Starts only when its two configurations are there already. */
public final class NeedsConfiguration implements BundleActivator {
    @Override
    public void start(BundleContext context) throws Exception {
        ConfigurationAdmin admin = context.getService(context.getServiceReference(ConfigurationAdmin.class));
        Object slot = admin.getFactoryConfiguration("card", "one", null)
                .getProperties()
                .get("slot");
        Object size = admin.getConfiguration("board", null).getProperties().get("size");
        if (!"00:04.0".equals(slot) || !Integer.valueOf(7).equals(size)) {
            throw new IllegalStateException("slot " + slot + " size " + size);
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
