package org.cardcage.kmod.internal.osgi;

import org.cardcage.kernel.Kernel;
import org.cardcage.kmod.Kmod;
import org.cardcage.kmod.internal.KmodService;
import org.cardcage.vfs.SystemCalls;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** The modules of the framework's kernel. The framework property {@code cardcage.release} names the kernel's release. */
@Component(
        service = {},
        immediate = true)
public final class KmodComponent {

    private static final String RELEASE_PROPERTY = "cardcage.release";

    private final KmodService kmod;
    private final ModuleTracker tracker;
    private final ServiceRegistration<Kmod> registration;

    @Activate
    public KmodComponent(
            BundleContext context,
            @Reference Kernel kernel,
            @Reference SystemCalls files,
            @Reference ServiceComponentRuntime runtime) {
        OsgiModuleHost host = new OsgiModuleHost(context, runtime);
        String release = context.getProperty(RELEASE_PROPERTY);
        kmod = new KmodService(
                kernel,
                files,
                host,
                release != null ? release : context.getBundle().getVersion().toString());
        tracker = new ModuleTracker(context, host, kmod.deployed());
        tracker.open();
        registration = context.registerService(Kmod.class, kmod, null);
    }

    @Deactivate
    void deactivate() {
        registration.unregister();
        tracker.close();
        kmod.close();
    }
}
