package org.cardcage.kmod.internal;

import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.Lane;
import org.slf4j.Logger;

/**
 * What the deploy folder has made of one module name: loads, swaps and forces out, one after the other. Only the last wish
 * counts: a newer one ends a load under way and skips what has not begun.
 *
 * <p>Threads: {@link #want}, {@link #clear}, {@link #then} and {@link #retry} may be called by any and only post to the slot's
 * own lane, so that a module which does not come or go holds up itself only. {@code running}, {@code entry}, {@code
 * waiting} and {@code dependents} belong to the lane; {@code this} guards {@code wish}, {@code load} and {@code closed}.
 */
final class DeploySlot implements AutoCloseable {

    /**
     * A file of the folder.
     *
     * @param file its name
     * @param source what is in it
     */
    record Content(String file, ModuleSource source) {}

    private final String name;
    private final ModuleTable table;
    private final ModuleLoader loader;
    private final ModuleUnloader unloader;
    private final Runnable onLoaded;
    private final Logger log;
    private final Lane lane;
    private final Dependents dependents;
    private Content running;
    private ModuleEntry entry;
    private Content waiting;
    private long wish;
    private CancelToken load = new CancelToken();
    private boolean closed;

    /**
     * @param name of the module
     * @param onLoaded run on the slot's lane each time that a module has been loaded
     */
    DeploySlot(
            Kernel kernel,
            ModuleTable table,
            ModuleLoader loader,
            ModuleUnloader unloader,
            String name,
            Runnable onLoaded) {
        this.name = name;
        this.table = table;
        this.loader = loader;
        this.unloader = unloader;
        this.onLoaded = onLoaded;
        log = kernel.logger(DeployFolder.LOG);
        lane = kernel.scheduler().lane("deploy/" + name);
        dependents = new Dependents(table, loader, log);
    }

    /** The module shall be loaded out of this content. What this slot has loaded before is forced out for it. */
    void want(Content content) {
        long mine = newWish();
        post(() -> swap(content, mine));
    }

    /**
     * The module shall not be loaded. It goes if this slot has loaded it.
     *
     * @param why for the log
     */
    void clear(String why) {
        long mine = newWish();
        post(() -> forceOut(why, mine));
    }

    /** Loads what could not be loaded for want of something that may have come meanwhile. */
    void retry() {
        post(() -> {
            long mine = lastWish();
            if (waiting != null) {
                swap(waiting, mine);
            }
            if (!isPast(mine) && dependents.bringBack(newLoad(mine), this::retry)) {
                onLoaded.run();
            }
        });
    }

    /** Runs the action when what was asked for so far has been done. */
    void then(Runnable action) {
        post(action);
    }

    private synchronized long newWish() {
        load.cancel(Errno.EINTR);
        return ++wish;
    }

    private synchronized long lastWish() {
        return wish;
    }

    private synchronized boolean isPast(long mine) {
        return closed || mine != wish;
    }

    private void post(Runnable action) {
        try {
            lane.execute(action);
        } catch (RejectedExecutionException e) {
            log.debug("the deploy folder is closed");
        }
    }

    private boolean isLoaded() {
        return entry != null && table.contains(entry);
    }

    private void swap(Content content, long mine) {
        if (isPast(mine)) {
            return;
        }
        waiting = null;
        Content before = isLoaded() ? running : null;
        try {
            if (before != null) {
                forceOut(entry);
            }
            start(content, mine);
            log.info("{}: module {} {}", content.file(), name, before == null ? "loaded" : "replaced");
            onLoaded.run();
        } catch (KernelException e) {
            if (!isPast(mine)) {
                refuse(content, before, mine, e);
            }
        }
    }

    private void start(Content content, long mine) {
        running = null;
        entry = null;
        ModuleEntry loaded = loader.load(content.source(), newLoad(mine));
        entry = loaded;
        running = content;
        loaded.whenGone(() -> post(() -> forget(loaded)));
    }

    /** A newer wish than this one ends what is loaded with the token. */
    private synchronized CancelToken newLoad(long mine) {
        load = new CancelToken();
        if (isPast(mine)) {
            load.cancel(Errno.EINTR);
        }
        return load;
    }

    /** Modules that need this one go with it, and come back when they can. */
    private void forceOut(ModuleEntry loaded) {
        dependents.goWith(loaded);
        unloader.forceOut(loaded);
    }

    /** Whoever has unloaded it, its classes must not be held here. */
    private void forget(ModuleEntry gone) {
        if (entry == gone) {
            if (gone.comesBack() && waiting == null) {
                waiting = running;
            }
            entry = null;
            running = null;
        }
    }

    /** @param before what was forced out, or should have been, for the content; or null */
    private void refuse(Content content, Content before, long mine, KernelException why) {
        Optional<ModuleEntry> leaving = leaving();
        if (leaving.isPresent()) {
            log.error("{}: refused: {}; the file is loaded then", content.file(), why.getMessage());
            waiting = content;
            leaving.get().whenGone(this::retry);
        } else if (before == null && why.errno() == Errno.ENOENT) {
            log.error("{}: refused: {}; tried again when another file is loaded", content.file(), why.getMessage());
            waiting = content;
        } else {
            log.error("{}: refused: {}", content.file(), why.getMessage());
            if (before != null && !isLoaded()) {
                restore(before, mine);
            }
            retry(); // what needs it may have gone already
        }
    }

    /** Who holds up the unloading of this module: itself or one that needs it, stopped but not left. */
    private Optional<ModuleEntry> leaving() {
        return table.find(name).stream()
                .flatMap(here -> Stream.concat(Stream.of(here), table.dependents(here).stream()))
                .filter(present -> present.module().state() == KernelModule.State.GOING)
                .findFirst();
    }

    private void restore(Content before, long mine) {
        try {
            start(before, mine);
            log.warn("{}: module {} runs again as it was before", before.file(), name);
            onLoaded.run();
        } catch (KernelException e) {
            if (!isPast(mine)) {
                log.error("{}: module {} as it was before does not come back: {}", before.file(), name, e.getMessage());
            }
        }
    }

    private void forceOut(String why, long mine) {
        if (isPast(mine)) {
            return;
        }
        waiting = null;
        try {
            if (isLoaded()) {
                forceOut(entry);
                entry = null;
                running = null;
                log.info("{}: module {} unloaded", why, name);
            }
        } catch (KernelException e) {
            log.error("{}: {}", why, e.getMessage());
            leaving().ifPresent(one -> one.whenGone(() -> post(() -> forceOut(why, mine))));
        }
        dependents.stayOut();
    }

    /** Nothing more is done; a load under way is undone, what is loaded stays. Does not wait. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            load.cancel(Errno.EINTR);
        }
        lane.close();
    }
}
