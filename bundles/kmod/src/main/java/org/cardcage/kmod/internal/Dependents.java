package org.cardcage.kmod.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.slf4j.Logger;

/**
 * Modules that somebody has loaded by hand and that have to go while one that they need is swapped. They come back after it, as
 * they were. Those of the deploy folder come back by themselves.
 *
 * <p>Threads: the lane of one {@link DeploySlot}.
 */
final class Dependents {

    private final ModuleTable table;
    private final ModuleLoader loader;
    private final Logger log;

    /** The one that others need first. */
    private final List<ModuleSource> out = new ArrayList<>();

    Dependents(ModuleTable table, ModuleLoader loader, Logger log) {
        this.table = table;
        this.loader = loader;
        this.log = log;
    }

    /** What needs this module is about to go with it. */
    void goWith(ModuleEntry needed) {
        for (ModuleEntry dependent : table.dependents(needed)) {
            dependent.markComesBack();
            Optional<ModuleSource> source = dependent.source();
            if (source.isEmpty()) {
                log.warn(
                        "module {} needs {} and is uninstalled with it; its bundle was not installed by insmod",
                        dependent.name(),
                        needed.name());
            } else if (!source.get().deployed()) {
                out.removeIf(one -> one.file().name().equals(dependent.name()));
                out.add(source.get());
            }
        }
    }

    /**
     * Loads what can be loaded again.
     *
     * @param retry run when one that is still being unloaded has gone
     * @return whether there is a module more now
     */
    boolean bringBack(CancelToken cancel, Runnable retry) {
        boolean loaded = false;
        for (ModuleSource source : List.copyOf(out)) {
            loaded |= bringBack(source, cancel, retry);
        }
        return loaded;
    }

    private boolean bringBack(ModuleSource source, CancelToken cancel, Runnable retry) {
        String name = source.file().name();
        try {
            loader.load(source, cancel);
            out.remove(source);
            log.info("module {} is loaded again, as it was before", name);
            return true;
        } catch (KernelException e) {
            if (e.errno() == Errno.EBUSY) {
                table.find(name).ifPresent(leaving -> leaving.whenGone(retry));
            } else if (e.errno() == Errno.EEXIST) { // by hand meanwhile
                out.remove(source);
            } else if (e.errno() != Errno.ENOENT && e.errno() != Errno.EINTR) {
                out.remove(source);
                log.error("module {} does not come back: {}", name, e.getMessage());
            }
            return false;
        }
    }

    /** What they need does not come back. */
    void stayOut() {
        out.forEach(source -> log.warn(
                "module {} needs what is gone and stays out; insmod loads it again",
                source.file().name()));
        out.clear();
    }
}
