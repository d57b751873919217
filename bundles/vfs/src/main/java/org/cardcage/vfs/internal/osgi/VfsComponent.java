package org.cardcage.vfs.internal.osgi;

import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Optional;
import org.cardcage.kernel.Kernel;
import org.cardcage.vfs.SystemCalls;
import org.cardcage.vfs.SystemFolders;
import org.cardcage.vfs.Vfs;
import org.cardcage.vfs.internal.nio.ProviderPlug;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The file tree of the framework's kernel. Framework properties: {@code cardcage.state} and {@code cardcage.modules} are
 * folders of the host, {@code cardcage.release} names the kernel's release (the bundle's version unless it is set).
 */
@Component(
        service = {},
        immediate = true)
public final class VfsComponent {

    private static final String STATE_PROPERTY = "cardcage.state";
    private static final String MODULES_PROPERTY = "cardcage.modules";
    private static final String RELEASE_PROPERTY = "cardcage.release";

    private final Vfs vfs;
    private final ProviderPlug plug;
    private final ServiceRegistration<?> vfsService;
    private final ServiceRegistration<?> fileSystemService;

    @Activate
    public VfsComponent(BundleContext context, @Reference Kernel kernel) {
        vfs = new Vfs(kernel, folders(context));
        FileSystem fileSystem = vfs.fileSystem();
        plug = new ProviderPlug(
                FileSystemProvider.installedProviders(),
                fileSystem.provider(),
                text -> kernel.logger("vfs").warn(text));
        vfsService =
                context.registerService(new String[] {Vfs.class.getName(), SystemCalls.class.getName()}, vfs, null);
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("scheme", fileSystem.provider().getScheme());
        fileSystemService = context.registerService(FileSystem.class, fileSystem, properties);
    }

    private static SystemFolders folders(BundleContext context) {
        String release = context.getProperty(RELEASE_PROPERTY);
        return new SystemFolders(
                release != null ? release : context.getBundle().getVersion().toString(),
                Optional.ofNullable(context.getProperty(STATE_PROPERTY)).map(Path::of),
                Optional.ofNullable(context.getProperty(MODULES_PROPERTY)).map(Path::of));
    }

    @Deactivate
    void deactivate() {
        fileSystemService.unregister();
        vfsService.unregister();
        plug.close();
        vfs.close();
    }
}
