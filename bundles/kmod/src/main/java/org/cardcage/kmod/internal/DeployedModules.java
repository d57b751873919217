package org.cardcage.kmod.internal;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kmod.ModuleFile;

/**
 * Modules whose bundles somebody else starts and stops: a deployer, a test, another bundle. They take their parameters'
 * first values.
 *
 * <p>Threads: those that start and stop bundles, under the framework's lock of the bundle; nothing here waits.
 */
public final class DeployedModules {

    private final Kernel kernel;
    private final ModuleHost host;
    private final ModuleTable table;
    private final ModuleUnloader unloader;

    DeployedModules(Kernel kernel, ModuleHost host, ModuleTable table, ModuleUnloader unloader) {
        this.kernel = kernel;
        this.host = host;
        this.table = table;
        this.unloader = unloader;
    }

    /**
     * A bundle with the capability of a module starts; nothing of it has run yet.
     *
     * @param headers of its manifest
     * @param size of its file in bytes, 0 if unknown
     */
    public void starting(ModuleBundle bundle, UnaryOperator<String> headers, long size) {
        Optional<ModuleEntry> before = table.ofBundle(bundle.id());
        if (before.isPresent() && !isZombie(before.get())) {
            return;
        }
        before.ifPresent(unloader::retire);
        try {
            ModuleFile file = ModuleFile.of(headers);
            KernelModule module = kernel.modules().adopt(bundle.id(), file.name());
            ModuleEntry entry = new ModuleEntry(file, module, bundle, size);
            table.add(entry);
            entry.setParameterService(
                    host.offer(entry.name(), ModuleFile.of(headers).defaults()));
        } catch (KernelException e) {
            kernel.logger("kmod").error("bundle {} does not become a module: {}", bundle.id(), e.getMessage());
        }
    }

    /** Stopped, and somebody is still inside. */
    private static boolean isZombie(ModuleEntry entry) {
        return entry.module().state() == KernelModule.State.GOING;
    }

    /** The bundle is active. */
    public void started(long bundle) {
        table.ofBundle(bundle)
                .filter(entry -> !entry.isBeingLoadedHere() && !isZombie(entry))
                .ifPresent(entry -> entry.module().live());
    }

    /** The bundle stops; its components may have ended already. */
    public void stopping(long bundle) {
        table.ofBundle(bundle).ifPresent(unloader::stopping);
    }

    /** The bundle has stopped, or could not be started. */
    public void stopped(long bundle) {
        table.ofBundle(bundle).ifPresent(entry -> {
            unloader.stopping(entry);
            unloader.stopped(entry);
        });
    }
}
