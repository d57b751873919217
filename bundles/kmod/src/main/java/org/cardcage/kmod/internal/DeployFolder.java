package org.cardcage.kmod.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kmod.ModuleFile;
import org.cardcage.machine.Lane;
import org.slf4j.Logger;

/**
 * A folder of the host in which each file is a wish: a module there shall be loaded. A new file is loaded, a changed one
 * replaces what it has loaded, open files or not, and a deleted one forces it out. A file that cannot be loaded is refused with
 * its reason in the kernel log, and what runs stays. What {@code rmmod} has taken out stays out until its file changes.
 *
 * <p>Only names that end in {@code .jar} and do not begin with a dot count. Who watches the folder calls {@link #look}; being
 * called too often does no harm, since a file is only read again if its size or time has changed.
 *
 * <p>Threads: {@link #look} may be called by any and only posts to the lane {@code deploy}, which owns what is known of the
 * files. It reads files and decides; loading and unloading run on a lane for each module, see {@link DeploySlot}.
 */
public final class DeployFolder implements AutoCloseable {

    /** Begins the lines in the kernel log. */
    static final String LOG = "deploy";

    private static final String SUFFIX = ".jar";
    private static final long MAX_SIZE = 256L << 20;

    /** By what a change of a file is seen. */
    private record Stamp(long size, FileTime modified) {}

    private final Path folder;
    private final BiFunction<String, Runnable, DeploySlot> makeSlot;
    private final Logger log;
    private final Lane lane;

    /** What is known of each file, by its name. */
    private final Map<String, Stamp> seen = new HashMap<>();

    /** The module that each file is responsible for, by the file's name. */
    private final Map<String, String> modules = new HashMap<>();

    /** By the module's name; closed by whoever closes the folder. */
    private final Map<String, DeploySlot> slots = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /** @param makeSlot makes the slot of a module name, given what it runs after each load */
    DeployFolder(Kernel kernel, Path folder, BiFunction<String, Runnable, DeploySlot> makeSlot) {
        this.folder = folder;
        this.makeSlot = makeSlot;
        log = kernel.logger(LOG);
        lane = kernel.scheduler().lane(LOG);
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
            Optional<Stamp> stamp = stamp(file);
            if (stamp.isEmpty()) {
                gone(name);
            } else if (!stamp.get().equals(seen.put(name, stamp.get()))) {
                accept(name, read(file, stamp.get()));
            }
        } catch (KernelException e) {
            String stays = modules.containsKey(name) ? "; module " + modules.get(name) + " stays as it is" : "";
            log.error("{}: refused: {}{}", name, e.getMessage(), stays);
        }
    }

    private void gone(String name) {
        seen.remove(name);
        String module = modules.remove(name);
        if (module != null) {
            slots.get(module).clear(name);
        }
    }

    private void accept(String name, byte[] bytes) {
        ModuleFile module = ModuleFile.read(bytes);
        ZipEnd.requireIntact(bytes);
        requireFree(module.name(), name);
        String before = modules.put(name, module.name());
        DeploySlot slot = slots.computeIfAbsent(module.name(), key -> makeSlot.apply(key, this::retryAll));
        if (closed) {
            slot.close();
        }
        DeploySlot.Content content = new DeploySlot.Content(name, module, bytes);
        if (before == null || before.equals(module.name())) {
            slot.want(content);
        } else { // both may want the same device
            slots.get(before).clear(name);
            slots.get(before).then(() -> slot.want(content));
        }
    }

    private void requireFree(String module, String name) {
        for (Map.Entry<String, String> other : modules.entrySet()) {
            if (other.getValue().equals(module) && !other.getKey().equals(name)) {
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

    private static Optional<Stamp> stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? Optional.of(new Stamp(attributes.size(), attributes.lastModifiedTime()))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static byte[] read(Path file, Stamp stamp) {
        if (stamp.size() > MAX_SIZE) {
            throw new KernelException(Errno.EFBIG, stamp.size() + " bytes are too many for a module");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static KernelException unreadable(IOException e) {
        return new KernelException(Errno.EIO, "the file cannot be read: " + e, e);
    }

    /** Looks at nothing more; what is loaded stays. Does not wait. */
    @Override
    public void close() {
        closed = true;
        lane.close();
        slots.values().forEach(DeploySlot::close);
    }
}
