package org.cardcage.kmod.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kmod.ModuleFile;

/**
 * A module that is loaded, or being loaded or unloaded.
 *
 * <p>Threads: any; {@code this} guards the fields that change.
 */
final class ModuleEntry {

    private final ModuleFile file;
    private final KernelModule module;
    private final ModuleBundle bundle;
    private final long size;
    private final Optional<ModuleSource> source;
    private Runnable parameterService = () -> {};
    private List<Driver> leaving;
    private boolean comesBack;
    private List<Runnable> afterwards = new ArrayList<>();
    private CancelToken loading = new CancelToken();

    /**
     * A module whose bundle is started here.
     *
     * @param module what the kernel knows it by
     */
    ModuleEntry(ModuleSource source, KernelModule module, ModuleBundle bundle) {
        this(source.file(), module, bundle, source.content().length, Optional.of(source));
    }

    /**
     * A module whose bundle somebody else starts.
     *
     * @param module what the kernel knows it by
     * @param size of the file in bytes
     */
    ModuleEntry(ModuleFile file, KernelModule module, ModuleBundle bundle, long size) {
        this(file, module, bundle, size, Optional.empty());
    }

    private ModuleEntry(
            ModuleFile file, KernelModule module, ModuleBundle bundle, long size, Optional<ModuleSource> source) {
        this.file = file;
        this.module = module;
        this.bundle = bundle;
        this.size = size;
        this.source = source;
    }

    String name() {
        return file.name();
    }

    KernelModule module() {
        return module;
    }

    ModuleBundle bundle() {
        return bundle;
    }

    long size() {
        return size;
    }

    /** What it was loaded out of; empty if somebody else started its bundle. */
    Optional<ModuleSource> source() {
        return source;
    }

    /** Whether insmod is at it: it alone undoes what it has begun. */
    boolean isBeingLoadedHere() {
        return source.isPresent() && module.state() == KernelModule.State.COMING;
    }

    /** @param end takes the service with the parameters away */
    synchronized void setParameterService(Runnable end) {
        parameterService = end;
    }

    /** Takes the service with the parameters away; nothing happens if that has been done. */
    void endParameterService() {
        Runnable end;
        synchronized (this) {
            end = parameterService;
            parameterService = () -> {};
        }
        end.run();
    }

    /** @param token that of the call which loads the module */
    synchronized void setLoading(CancelToken token) {
        loading = token;
    }

    /** Whoever loads the module and waits for its probes gives up with this errno. */
    void cancelLoading(Errno why) {
        CancelToken token;
        synchronized (this) {
            token = loading;
        }
        token.cancel(why);
    }

    /** Somebody else stops the bundle; these drivers have to leave before the module is gone. */
    synchronized void stoppedByOthers(List<Driver> drivers) {
        leaving = List.copyOf(drivers);
    }

    /** The drivers of {@link #stoppedByOthers}, or null. */
    synchronized List<Driver> leaving() {
        return leaving;
    }

    /** It goes only because another one does. */
    synchronized void markComesBack() {
        comesBack = true;
    }

    synchronized boolean comesBack() {
        return comesBack;
    }

    /** Runs the action when the module has gone, on the thread that takes it away; at once if that has been. */
    void whenGone(Runnable action) {
        synchronized (this) {
            if (afterwards != null) {
                afterwards.add(action);
                return;
            }
        }
        action.run();
    }

    /** The module is out of the table. */
    void gone() {
        List<Runnable> actions;
        synchronized (this) {
            actions = afterwards;
            afterwards = null;
        }
        actions.forEach(Runnable::run);
    }
}
