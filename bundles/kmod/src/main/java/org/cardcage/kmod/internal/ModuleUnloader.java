package org.cardcage.kmod.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kernel.module.KernelModule;

/**
 * Unloads modules (Linux {@code delete_module}). A module whose driver does not leave in time stays as a zombie: stopped, in
 * the list as unloading, and taken out of the framework once the driver has left, since until then its classes must load.
 *
 * <p>Threads: any.
 */
final class ModuleUnloader {

    private final Kernel kernel;
    private final ModuleTable table;

    ModuleUnloader(Kernel kernel, ModuleTable table) {
        this.kernel = kernel;
        this.table = table;
    }

    /**
     * See {@link org.cardcage.kmod.Kmod#rmmod}.
     *
     * @param privileged whether the caller may unload
     */
    void unload(String name, boolean privileged, boolean force) {
        ModuleEntry found = loaded(name);
        requireOutside(found);
        boolean aborted = force && privileged && abortLoading(found);
        if (!aborted) {
            requireLive(found);
        }
        claim(name);
        try {
            if (!aborted || table.contains(found)) { // else who was loading it has taken it back
                unloadClaimed(loaded(name), privileged, force);
            }
        } finally {
            table.release(name);
        }
    }

    /**
     * Forces out this very load of a module. Nothing happens if it has gone already, whatever is loaded under its name now.
     *
     * @throws KernelException as {@link org.cardcage.kmod.Kmod#rmmod} with force
     */
    void forceOut(ModuleEntry entry) {
        if (!table.contains(entry)) {
            return;
        }
        requireOutside(entry);
        if (!abortLoading(entry)) {
            requireLive(entry);
        }
        claim(entry.name());
        try {
            if (table.contains(entry)) {
                unloadClaimed(entry, true, true);
            }
        } finally {
            table.release(entry.name());
        }
    }

    private void unloadClaimed(ModuleEntry entry, boolean privileged, boolean force) {
        String name = entry.name();
        List<String> users = table.usedBy(entry);
        if (!users.isEmpty() && !force) {
            throw new KernelException(Errno.EAGAIN, "Module " + name + " is in use by: " + String.join(" ", users));
        }
        if (!privileged) {
            throw new KernelException(Errno.EPERM, "only root unloads modules");
        }
        users.forEach(user -> unload(user, true, true));
        begin(entry, force);
        if (!end(entry)) {
            throw new KernelException(
                    Errno.EBUSY,
                    "Module " + name + " is stopped, but a thread does not leave its driver (see the kernel log);"
                            + " it goes as soon as that has left");
        }
    }

    /** Whoever is loading the module gives up; whether somebody is. */
    private static boolean abortLoading(ModuleEntry entry) {
        boolean loading = entry.isBeingLoadedHere();
        if (loading) {
            entry.cancelLoading(Errno.ENODEV);
        }
        return loading;
    }

    /** Waits for the turn, but not for ever; who has it may himself wait for a driver once. */
    private void claim(String name) {
        if (!table.claim(name, kernel.nanoTime() + 2 * kernel.removeTimeout())) {
            throw new KernelException(
                    Errno.EBUSY, "Module " + name + " is being loaded or unloaded by a thread that comes to no end");
        }
    }

    private ModuleEntry loaded(String name) {
        return table.find(name)
                .orElseThrow(() -> new KernelException(Errno.ENOENT, "Module " + name + " is not currently loaded"));
    }

    /** As Linux refuses what is not live, nobody waits here for a module that waits for him. */
    private void requireLive(ModuleEntry entry) {
        if (entry.module().state() != KernelModule.State.LIVE) {
            throw new KernelException(
                    Errno.EBUSY,
                    "Module " + entry.name() + " is "
                            + entry.module().state().text().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * The calling thread may wait for the module to be loaded or unloaded.
     *
     * @throws KernelException EDEADLK if it is inside the module
     */
    void requireOutside(ModuleEntry entry) {
        Thread me = Thread.currentThread();
        boolean inside = kernel.modules().isInitialising(entry.module(), me);
        for (Driver driver : kernel.drivers().driversOf(entry.module())) {
            inside |= kernel.drivers().isInside(driver, me);
        }
        if (inside) {
            throw new KernelException(
                    Errno.EDEADLK,
                    "this thread is inside module " + entry.name()
                            + " and would wait for itself; load and unload from outside");
        }
    }

    private void begin(ModuleEntry entry, boolean force) {
        int users = entry.module().users();
        entry.module().beginUnload(force);
        if (force && users > 0) {
            entry.module().taint();
            kernel.logger(entry.name()).warn("forced out while in use by {}", users);
        }
    }

    /** What {@code insmod} has begun is undone. */
    void rollBack(ModuleEntry entry) {
        if (entry.module().state() != KernelModule.State.GOING) {
            entry.module().beginUnload(true);
        }
        end(entry);
    }

    /** Stops the bundle and takes it away; whether that could be done now. */
    private boolean end(ModuleEntry entry) {
        Set<Driver> drivers = new LinkedHashSet<>(kernel.drivers().driversOf(entry.module()));
        guarded(entry, "end", entry.bundle()::stop);
        // one may have been registered only while the bundle was being stopped
        drivers.addAll(kernel.drivers().driversOf(entry.module()));
        return afterDrivers(drivers, () -> {
            guarded(entry, "removal", entry.bundle()::uninstall);
            forget(entry);
        });
    }

    /** Somebody else stops the bundle of a module: no opens from now on. Its components may have ended already. */
    void stopping(ModuleEntry entry) {
        if (entry.isBeingLoadedHere() || entry.module().state() == KernelModule.State.GOING) {
            return;
        }
        entry.stoppedByOthers(kernel.drivers().driversOf(entry.module()));
        entry.module().beginUnload(true);
    }

    /** Somebody else has stopped the bundle, which stays installed; the module is gone when its drivers have left. */
    void stopped(ModuleEntry entry) {
        if (!entry.isBeingLoadedHere() && entry.leaving() != null) {
            Set<Driver> drivers = new LinkedHashSet<>(entry.leaving());
            drivers.addAll(kernel.drivers().driversOf(entry.module()));
            afterDrivers(drivers, () -> forget(entry));
        }
    }

    /** The module is no more; its bundle may still be there. */
    void forget(ModuleEntry entry) {
        guarded(entry, "end of the parameters", entry::endParameterService);
        if (table.remove(entry)) {
            entry.gone();
        }
    }

    /** The bundle of a zombie starts anew; the zombie is forgotten when its drivers have left. */
    void retire(ModuleEntry entry) {
        guarded(entry, "end of the parameters", entry::endParameterService);
        table.retire(entry);
    }

    /** Runs the action when the drivers have left their devices; whether that was at once. */
    private boolean afterDrivers(Set<Driver> drivers, Runnable action) {
        Deque<Driver> inside = new ArrayDeque<>();
        drivers.stream().filter(driver -> !kernel.drivers().hasLeft(driver)).forEach(inside::add);
        boolean now = inside.isEmpty();
        chain(inside, action);
        return now;
    }

    private void chain(Deque<Driver> inside, Runnable action) {
        if (inside.isEmpty()) {
            action.run();
        } else {
            kernel.drivers().whenLeft(inside.remove(), () -> chain(inside, action));
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private void guarded(ModuleEntry entry, String what, Step step) {
        try {
            step.run();
        } catch (Throwable t) { // a module's fault is contained
            kernel.oops(entry.module(), what + " of module " + entry.name(), t);
        }
    }
}
