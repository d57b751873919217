package org.cardcage.kmod.internal.osgi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.cardcage.kernel.Kernel;
import org.cardcage.kmod.Kmod;
import org.cardcage.kmod.internal.DeployFolder;
import org.cardcage.kmod.internal.KmodService;
import org.cardcage.vfs.SystemCalls;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * The modules of the framework's kernel. Framework properties: {@code cardcage.release} names the kernel's release; {@code
 * cardcage.state} is the host's folder in which {@code deploy} is watched, without it none is.
 */
@Component(
        service = {},
        immediate = true)
public final class KmodComponent {

    private static final String RELEASE_PROPERTY = "cardcage.release";
    private static final String STATE_PROPERTY = "cardcage.state";
    private static final String DEPLOY = "deploy";

    private final KmodService kmod;
    private final ModuleTracker tracker;
    private final ServiceRegistration<Kmod> registration;
    private final Optional<DeployFolder> deploy;
    private final Optional<ServiceRegistration<ArtifactInstaller>> installer;
    private final FolderWatcher watcher;
    private final Kernel kernel;

    @Activate
    public KmodComponent(
            BundleContext context,
            @Reference Kernel kernel,
            @Reference SystemCalls files,
            @Reference ServiceComponentRuntime runtime) {
        this.kernel = kernel;
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
        deploy = Optional.ofNullable(context.getProperty(STATE_PROPERTY))
                .flatMap(state -> deployFolder(kernel, Path.of(state, DEPLOY)));
        installer = deploy.map(
                folder -> context.registerService(ArtifactInstaller.class, new DeployInstaller(folder), null));
        watcher = new FolderWatcher(context, kernel.logger("kmod"));
        watcher.resume();
    }

    private Optional<DeployFolder> deployFolder(Kernel kernel, Path folder) {
        try {
            return Optional.of(kmod.deployFolder(Files.createDirectories(folder).toRealPath()));
        } catch (IOException e) {
            kernel.logger("kmod").error("nothing can be deployed: {}: {}", folder, e.toString());
            return Optional.empty();
        }
    }

    @Deactivate
    void deactivate() {
        if (watcher.isSystemStopping()) {
            deploy.ifPresent(DeployFolder::close);
        } else {
            watcher.suspend();
            deploy.ifPresent(folder -> folder.closeAndUnload(kernel.nanoTime() + kmod.patience()));
        }
        installer.ifPresent(ServiceRegistration::unregister);
        registration.unregister();
        tracker.close();
        kmod.close();
    }
}
