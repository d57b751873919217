package org.cardcage.kmod.internal.osgi;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kmod.internal.ModuleBundle;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** The bundle of a module in an OSGi framework. */
final class OsgiModuleBundle implements ModuleBundle {

    private final BundleContext context;
    private final Components components;
    private final Bundle bundle;

    OsgiModuleBundle(BundleContext context, Components components, Bundle bundle) {
        this.context = context;
        this.components = components;
        this.bundle = bundle;
    }

    @Override
    public long id() {
        return bundle.getBundleId();
    }

    @Override
    public void start() throws Exception {
        try {
            bundle.start(Bundle.START_TRANSIENT);
        } catch (BundleException e) {
            if (e.getType() == BundleException.RESOLVE_ERROR) {
                throw Requirements.missing(context, bundle, e);
            }
            throw causeOf(e);
        }
    }

    /** What foreign code threw, out of the framework's wrapping. */
    private static Exception causeOf(BundleException e) {
        return e.getCause() instanceof Exception cause ? cause : e;
    }

    @Override
    public void initialise() throws Exception {
        components.check(bundle); // what has failed is not made a second time
        components.make(bundle);
        components.check(bundle);
        if (bundle.getState() != Bundle.ACTIVE) {
            throw new KernelException(Errno.ENODEV, "bundle " + bundle + " has been stopped meanwhile");
        }
    }

    @Override
    public void stop() throws Exception {
        if (bundle.getState() == Bundle.UNINSTALLED) {
            return;
        }
        try {
            bundle.stop();
        } catch (BundleException e) {
            throw causeOf(e);
        }
    }

    @Override
    public void uninstall() throws Exception {
        if (bundle.getState() == Bundle.UNINSTALLED) {
            return;
        }
        bundle.uninstall();
        FrameworkWiring wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        List<Bundle> alone = List.of(bundle);
        if (wiring.getRemovalPendingBundles().contains(bundle)
                && wiring.getDependencyClosure(alone).size() == 1) {
            wiring.refreshBundles(alone);
        }
    }

    @Override
    public Set<Long> dependents() {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring == null || !wiring.isInUse()) {
            return Set.of();
        }
        return wiring.getProvidedWires(null).stream()
                .map(wire -> wire.getRequirer().getBundle().getBundleId())
                .collect(Collectors.toSet());
    }

    @Override
    public String toString() {
        return bundle.toString();
    }
}
