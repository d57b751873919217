package org.cardcage.kmod.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kmod.LoadedModule;

/**
 * The modules that are loaded, and who is loading or unloading which of them.
 *
 * <p>Threads: any. {@code this} guards the tables; nothing foreign is called under it. A claim is no lock: it is held while
 * foreign code runs, waiting for it can be cancelled, and the holder who asks for it again is told so.
 */
final class ModuleTable {

    private final Kernel kernel;
    private final Map<String, ModuleEntry> entries = new LinkedHashMap<>();
    /** Modules whose bundle runs again while somebody is still inside the old code. */
    private final List<ModuleEntry> zombies = new ArrayList<>();

    private final Map<String, Thread> claims = new HashMap<>();
    private final WaitQueue released;

    ModuleTable(Kernel kernel) {
        this.kernel = kernel;
        this.released = new WaitQueue(kernel, "a module to be loaded or unloaded");
    }

    /**
     * Loading and unloading of a module take turns: waits for the turn. {@link #release} must follow in a finally block.
     *
     * @throws KernelException EDEADLK if the calling thread is at it already, EINTR, or the token's errno
     */
    void claim(String name, CancelToken cancel) {
        released.await(cancel, () -> tryClaim(name));
    }

    /** As {@link #claim(String, CancelToken)} until {@code deadline}; whether it is the caller's turn. */
    boolean claim(String name, long deadline) {
        return released.await(new CancelToken(), deadline, () -> tryClaim(name));
    }

    private synchronized boolean tryClaim(String name) {
        Thread holder = claims.putIfAbsent(name, Thread.currentThread());
        if (holder == Thread.currentThread()) {
            throw new KernelException(
                    Errno.EDEADLK, "Module " + name + " is being loaded or unloaded by this very thread");
        }
        return holder == null;
    }

    /** The turn of the calling thread is over. */
    void release(String name) {
        synchronized (this) {
            claims.remove(name);
        }
        released.wakeUp();
    }

    /**
     * A module is coming.
     *
     * @throws KernelException EEXIST if there is one of this name, EBUSY if that is going
     */
    void add(ModuleEntry entry) {
        synchronized (this) {
            requireAbsent(entry.name());
            entries.put(entry.name(), entry);
        }
        kernel.modules().add(entry.bundle().id(), entry.module());
    }

    /** @throws KernelException as {@link #add} */
    synchronized void requireAbsent(String name) {
        ModuleEntry present = entries.get(name);
        if (present != null) {
            boolean going = present.module().state() == KernelModule.State.GOING;
            throw going
                    ? new KernelException(Errno.EBUSY, "Module " + name + " is being unloaded")
                    : new KernelException(Errno.EEXIST, "Module " + name + " is loaded already");
        }
    }

    /** A module has gone; whether it was there. */
    boolean remove(ModuleEntry entry) {
        synchronized (this) {
            if (!entries.remove(entry.name(), entry) && !zombies.remove(entry)) {
                return false;
            }
        }
        kernel.modules().remove(entry.bundle().id(), entry.module());
        return true;
    }

    /** Whether this very load of a module has not gone yet. */
    synchronized boolean contains(ModuleEntry entry) {
        return entries.get(entry.name()) == entry;
    }

    /** The bundle of a module that is going starts anew: another module may have its name. */
    synchronized void retire(ModuleEntry entry) {
        if (entries.remove(entry.name(), entry)) {
            zombies.add(entry);
        }
    }

    synchronized Optional<ModuleEntry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    synchronized Optional<ModuleEntry> ofBundle(long id) {
        return entries.values().stream().filter(e -> e.bundle().id() == id).findFirst();
    }

    /** The last loaded first. */
    synchronized List<ModuleEntry> newestFirst() {
        List<ModuleEntry> all = new ArrayList<>(zombies);
        all.addAll(entries.values());
        Collections.reverse(all);
        return all;
    }

    /** Names of the modules that need this one, the last loaded first. */
    List<String> usedBy(ModuleEntry entry) {
        Set<Long> dependents = entry.bundle().dependents();
        return newestFirst().stream()
                .filter(e -> e != entry && dependents.contains(e.bundle().id()))
                .map(ModuleEntry::name)
                .toList();
    }

    /** The modules that need this one, also by way of others, in the order in which they were loaded. */
    List<ModuleEntry> dependents(ModuleEntry entry) {
        Set<ModuleEntry> found = new HashSet<>();
        addDependents(entry, found);
        List<ModuleEntry> inOrder = newestFirst();
        inOrder.retainAll(found);
        Collections.reverse(inOrder);
        return inOrder;
    }

    private void addDependents(ModuleEntry entry, Set<ModuleEntry> found) {
        for (String user : usedBy(entry)) {
            find(user).filter(found::add).ifPresent(dependent -> addDependents(dependent, found));
        }
    }

    /** What lsmod shows. */
    List<LoadedModule> loaded() {
        return newestFirst().stream()
                .map(e -> {
                    List<String> usedBy = usedBy(e);
                    KernelModule module = e.module();
                    int users = module.users() + usedBy.size();
                    return new LoadedModule(e.name(), e.size(), users, usedBy, module.state(), module.isTainted());
                })
                .toList();
    }
}
