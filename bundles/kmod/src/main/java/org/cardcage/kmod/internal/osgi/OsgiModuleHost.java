package org.cardcage.kmod.internal.osgi;

import java.io.ByteArrayInputStream;
import java.util.Map;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.ModuleParameters;
import org.cardcage.kmod.internal.ModuleBundle;
import org.cardcage.kmod.internal.ModuleHost;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * Modules as bundles of an OSGi framework.
 *
 * <p>Threads: any.
 */
public final class OsgiModuleHost implements ModuleHost {

    private final BundleContext context;
    private final Components components;

    /** @param runtime the component runtime of the same framework */
    public OsgiModuleHost(BundleContext context, ServiceComponentRuntime runtime) {
        this.context = context;
        this.components = new Components(context, runtime);
    }

    @Override
    public ModuleBundle install(String location, byte[] content) {
        try {
            Bundle stopped = context.getBundle(location);
            if (stopped != null) {
                stopped.uninstall();
            }
            return bundle(context.installBundle(location, new ByteArrayInputStream(content)));
        } catch (BundleException e) {
            throw e.getType() == BundleException.DUPLICATE_BUNDLE_ERROR
                    ? new KernelException(Errno.EEXIST, "the same bundle is installed already: " + e.getMessage(), e)
                    : new KernelException(Errno.ENOEXEC, "the framework does not take it: " + e.getMessage(), e);
        }
    }

    ModuleBundle bundle(Bundle bundle) {
        return new OsgiModuleBundle(context, components, bundle);
    }

    @Override
    public Runnable offer(String module, ModuleParameters parameters) {
        ServiceRegistration<ModuleParameters> registration = context.registerService(
                ModuleParameters.class, parameters, FrameworkUtil.asDictionary(Map.of("module", module)));
        return registration::unregister;
    }
}
