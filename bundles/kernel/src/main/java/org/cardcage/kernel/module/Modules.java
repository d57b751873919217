package org.cardcage.kernel.module;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.machine.Scheduler;

/**
 * The modules of a kernel and whose code they are. An owner is whatever brings code along, on OSGi the number of a bundle;
 * who meets code finds its module through the owner.
 *
 * <p>Threads: any; {@code this} guards the tables.
 */
public final class Modules {

    private final Map<Long, KernelModule> byOwner = new LinkedHashMap<>();
    private final Map<Long, KernelModule> unlisted = new HashMap<>();
    private final Map<KernelModule, Integer> initialising = new HashMap<>();
    private final Map<Thread, KernelModule> initialisers = new HashMap<>();
    private final Map<KernelModule, KernelException> failures = new WeakHashMap<>();
    private final WaitQueue changed;

    public Modules(Scheduler scheduler) {
        changed = new WaitQueue(scheduler, "a module to be initialised");
    }

    /** From now on the code of {@code owner} is that of {@code module}. */
    public synchronized void add(long owner, KernelModule module) {
        byOwner.put(owner, module);
    }

    /** The code of {@code owner} has gone. */
    public synchronized void remove(long owner) {
        byOwner.remove(owner);
        unlisted.remove(owner);
    }

    /** As {@link #remove(long)}, unless the code of {@code owner} is that of another module by now. */
    public synchronized void remove(long owner, KernelModule module) {
        if (byOwner.remove(owner, module)) {
            unlisted.remove(owner);
        }
    }

    /**
     * The module of {@code owner}. Code that is no module, or not yet, gets one that is not listed; it is the same each
     * time, and {@link #adopt} makes a listed one of it.
     */
    public synchronized KernelModule of(long owner, String fallbackName) {
        KernelModule module = byOwner.get(owner);
        return module != null ? module : unlisted.computeIfAbsent(owner, o -> new KernelModule(fallbackName));
    }

    /** The code of {@code owner}, which never became a listed module, has gone. */
    public synchronized void forget(long owner) {
        unlisted.remove(owner);
    }

    /** The module that {@link #of} has given for {@code owner} so far, if it has its right name; else a new one. */
    public synchronized KernelModule adopt(long owner, String name) {
        KernelModule met = unlisted.remove(owner);
        return met != null && met.name().equals(name) ? met : new KernelModule(name);
    }

    /** Loaded modules, the last loaded first, as {@code lsmod} lists them. */
    public synchronized List<KernelModule> loaded() {
        List<KernelModule> all = new ArrayList<>(byOwner.values());
        Collections.reverse(all);
        return all;
    }

    /** The loaded module of this name. */
    public Optional<KernelModule> find(String name) {
        return loaded().stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** A part of the module's initialisation begins that the thread which starts it does not wait for. */
    public synchronized void beginInit(KernelModule module) {
        initialising.merge(module, 1, Integer::sum);
    }

    /**
     * Runs a part of the module's initialisation on the calling thread, which is inside the module meanwhile.
     *
     * @return what {@code part} returns
     */
    public <T> T initialise(KernelModule module, Supplier<T> part) {
        Thread me = Thread.currentThread();
        KernelModule outer;
        synchronized (this) {
            outer = initialisers.put(me, module);
        }
        try {
            return part.get();
        } finally {
            synchronized (this) {
                if (outer == null) {
                    initialisers.remove(me);
                } else {
                    initialisers.put(me, outer);
                }
            }
        }
    }

    /** Whether the thread runs a part of the module's initialisation, so that it must not wait for the module. */
    public synchronized boolean isInitialising(KernelModule module, Thread thread) {
        return initialisers.get(thread) == module;
    }

    /** What {@link #beginInit} announced has ended, probes included. */
    public void endInit(KernelModule module) {
        endInit(module, null);
    }

    /**
     * What {@link #beginInit} announced has failed.
     *
     * @param failure why; null if it has not failed. The first one counts
     */
    public void endInit(KernelModule module, KernelException failure) {
        synchronized (this) {
            if (failure != null) {
                failures.putIfAbsent(module, failure);
            }
            initialising.computeIfPresent(module, (m, parts) -> parts > 1 ? parts - 1 : null);
        }
        changed.wakeUp();
    }

    /**
     * Waits until all parts of the module's initialisation have ended.
     *
     * @throws KernelException EINTR on interrupt, or the token's errno
     */
    public void awaitInit(KernelModule module, CancelToken cancel) {
        changed.await(cancel, () -> isInitialised(module));
    }

    /** Why a part of the module's initialisation has failed; it is forgotten with that. */
    public synchronized Optional<KernelException> takeFailure(KernelModule module) {
        return Optional.ofNullable(failures.remove(module));
    }

    private synchronized boolean isInitialised(KernelModule module) {
        return !initialising.containsKey(module);
    }
}
