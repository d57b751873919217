package org.cardcage.kmod.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kmod.ModuleFile;
import org.cardcage.kmod.internal.HostFile.Stamp;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Scheduler;
import org.slf4j.Logger;

/**
 * A folder of the host in which each file is a wish: a module there shall be loaded. A new file is loaded, a changed one
 * replaces what it has loaded, open files or not, and a deleted one forces it out. A file that cannot be loaded is refused with
 * its reason in the kernel log, and what runs stays. What {@code rmmod} has taken out stays out until its file changes.
 *
 * <p>Only names that end in {@code .jar} and do not begin with a dot count. Who watches the folder calls {@link #look}; being
 * called too often does no harm, since a file is only read again if its size or time has changed. After each change of a file
 * the folder looks once more by itself, since FileInstall misses the deletion of a file within two of its rounds after it had
 * been deleted and written anew.
 *
 * <p>Threads: {@link #look} may be called by any and only posts to the lane {@code deploy}, which owns what is known of the
 * files. It reads files and decides; loading and unloading run on a lane for each module, see {@link DeploySlot}.
 */
public final class DeployFolder implements AutoCloseable {

    /** Begins the lines in the kernel log. */
    static final String LOG = "deploy";

    private static final String SUFFIX = ".jar";
    /** Longer than two rounds of FileInstall. */
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path folder;
    private final Scheduler scheduler;
    private final BiFunction<String, Runnable, DeploySlot> makeSlot;
    private final Logger log;
    private final Lane lane;

    /** What is known of each file, by its name. */
    private final Map<String, Stamp> seen = new HashMap<>();

    /** The module that each file is responsible for, by the file's name. */
    private final Map<String, String> modules = new HashMap<>();

    /** The module that a file would have if it were not another's already, by the file's name. */
    private final Map<String, String> refused = new TreeMap<>();

    /** By the module's name; closed by whoever closes the folder. */
    private final Map<String, DeploySlot> slots = new ConcurrentHashMap<>();

    private final WaitQueue unloaded;
    private volatile boolean closed;

    /** @param makeSlot makes the slot of a module name, given what it runs after each load */
    DeployFolder(Kernel kernel, Path folder, BiFunction<String, Runnable, DeploySlot> makeSlot) {
        this.folder = folder;
        this.makeSlot = makeSlot;
        log = kernel.logger(LOG);
        scheduler = kernel.scheduler();
        lane = scheduler.lane(LOG);
        unloaded = new WaitQueue(kernel, "the deployed modules to be unloaded");
    }

    /** Whether a path is a file of this folder that counts, there or not. */
    public boolean covers(Path file) {
        if (!folder.equals(file.getParent())) {
            return false;
        }
        String name = file.getFileName().toString();
        return name.endsWith(SUFFIX) && !name.startsWith(".");
    }

    /** A file has come, changed or gone. */
    public void look(Path file) {
        post(() -> lookNow(file));
    }

    private void post(Runnable action) {
        try {
            lane.execute(action);
        } catch (RejectedExecutionException e) {
            log.debug("the deploy folder is closed");
        }
    }

    private void lookNow(Path file) {
        if (closed) {
            return;
        }
        String name = file.getFileName().toString();
        try {
            Optional<Stamp> stamp = HostFile.stamp(file);
            if (stamp.isEmpty()) {
                if (Files.exists(file)) {
                    log.error("{}: refused: EINVAL: it is no ordinary file", name);
                }
                gone(name);
            } else if (!stamp.get().equals(seen.get(name))) {
                lookAgainLater(file, stamp.get());
                byte[] content = HostFile.read(file, stamp.get());
                seen.put(name, stamp.get());
                accept(name, content);
            }
        } catch (KernelException e) {
            String stays = modules.containsKey(name) ? "; module " + modules.get(name) + " stays as it is" : "";
            log.error("{}: refused: {}{}", name, e.getMessage(), stays);
        }
    }

    private void lookAgainLater(Path file, Stamp now) {
        scheduler.schedule(scheduler.nanoTime() + AGAIN_NANOS, () -> post(() -> lookAgain(file, now)));
    }

    /** Who watches the folder knows a file that has not changed for so long, and would tell of its deletion. */
    private void lookAgain(Path file, Stamp before) {
        if (closed) {
            return;
        }
        try {
            Optional<Stamp> stamp = HostFile.stamp(file);
            if (stamp.isEmpty()) {
                lookNow(file);
            } else if (!stamp.get().equals(before)) {
                lookAgainLater(file, stamp.get());
            }
        } catch (KernelException e) {
            log.debug("{}: {}", file, e.getMessage());
        }
    }

    private void gone(String name) {
        seen.remove(name);
        refused.remove(name);
        String module = modules.remove(name);
        if (module != null) {
            slots.get(module).clear(name + " is gone");
            offer(module);
        }
    }

    /** A module has no file any more: those that were refused because it had one. */
    private void offer(String module) {
        for (String name : List.copyOf(refused.keySet())) {
            if (module.equals(refused.get(name)) && !modules.containsValue(module)) {
                seen.remove(name);
                lookNow(folder.resolve(name));
            }
        }
    }

    private void accept(String name, byte[] bytes) {
        refused.remove(name);
        ModuleFile module = ModuleFile.read(bytes);
        ZipEnd.requireIntact(bytes);
        requireFree(module.name(), name);
        String before = modules.put(name, module.name());
        DeploySlot slot = slots.computeIfAbsent(module.name(), key -> makeSlot.apply(key, this::retryAll));
        if (closed) {
            slot.close();
        }
        DeploySlot.Content content = new DeploySlot.Content(name, new ModuleSource(module, bytes, List.of(), true));
        if (before == null || before.equals(module.name())) {
            slot.want(content);
        } else { // both may want the same device
            slots.get(before).clear(name + " is gone");
            slots.get(before).then(() -> slot.want(content));
            offer(before);
        }
    }

    private void requireFree(String module, String name) {
        for (Map.Entry<String, String> other : modules.entrySet()) {
            if (other.getValue().equals(module) && !other.getKey().equals(name)) {
                refused.put(name, module);
                throw new KernelException(
                        Errno.EEXIST,
                        "module " + module + " belongs to " + other.getKey()
                                + " in the same folder; delete one of them");
            }
        }
    }

    /** A module may offer what others wait for. */
    private void retryAll() {
        post(() -> slots.values().forEach(DeploySlot::retry));
    }

    /**
     * As {@link #close}, but takes out what has been loaded from the folder, open files or not. Waits for that, but not beyond
     * {@code deadline}.
     *
     * @param deadline in the time of the scheduler
     */
    public void closeAndUnload(long deadline) {
        closed = true;
        List<DeploySlot> all = List.copyOf(slots.values());
        AtomicInteger left = new AtomicInteger(all.size());
        for (DeploySlot slot : all) {
            slot.clear("the end of the deploy folder");
            slot.then(() -> {
                left.decrementAndGet();
                unloaded.wakeUp();
            });
        }
        unloaded.awaitUninterruptibly(deadline, () -> left.get() == 0);
        close();
    }

    /** Looks at nothing more; what is loaded stays. Does not wait. */
    @Override
    public void close() {
        closed = true;
        lane.close();
        slots.values().forEach(DeploySlot::close);
    }
}
