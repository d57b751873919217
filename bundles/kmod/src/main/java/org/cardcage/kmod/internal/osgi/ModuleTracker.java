package org.cardcage.kmod.internal.osgi;

import java.io.IOException;
import java.net.URI;
import java.util.Dictionary;
import org.cardcage.kernel.module.Module;
import org.cardcage.kmod.internal.DeployedModules;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.util.tracker.BundleTracker;

/** Follows the bundles that are modules, whoever starts and stops them. */
public final class ModuleTracker extends BundleTracker<Bundle> {

    private final OsgiModuleHost host;
    private final DeployedModules modules;

    public ModuleTracker(BundleContext context, OsgiModuleHost host, DeployedModules modules) {
        super(context, Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING, null);
        this.host = host;
        this.modules = modules;
    }

    @Override
    public Bundle addingBundle(Bundle bundle, BundleEvent event) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null
                || revision.getDeclaredCapabilities(Module.NAMESPACE).isEmpty()) {
            return null;
        }
        Dictionary<String, String> headers = bundle.getHeaders("");
        modules.starting(host.bundle(bundle), headers::get, size(bundle));
        modifiedBundle(bundle, event, bundle);
        return bundle;
    }

    @Override
    public void modifiedBundle(Bundle bundle, BundleEvent event, Bundle same) {
        if (bundle.getState() == Bundle.ACTIVE) {
            modules.started(bundle.getBundleId());
        } else if (bundle.getState() == Bundle.STOPPING) {
            modules.stopping(bundle.getBundleId());
        }
    }

    @Override
    public void removedBundle(Bundle bundle, BundleEvent event, Bundle same) {
        if (event != null) { // none if the tracker is being closed
            modules.stopped(bundle.getBundleId());
        }
    }

    /** Of the file that the bundle came from, if its location leads to one. */
    private static long size(Bundle bundle) {
        try {
            URI location = URI.create(bundle.getLocation());
            if (!"file".equals(location.getScheme())) {
                return 0;
            }
            return Math.max(0, location.toURL().openConnection().getContentLengthLong());
        } catch (IOException | IllegalArgumentException e) {
            return 0;
        }
    }
}
