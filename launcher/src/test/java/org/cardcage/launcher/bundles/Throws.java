package org.cardcage.launcher.bundles;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Has no hardware. */
public final class Throws implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        throw new IllegalStateException("no hardware");
    }

    @Override
    public void stop(BundleContext context) {}
}
