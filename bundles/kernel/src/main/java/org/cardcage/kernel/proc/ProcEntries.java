package org.cardcage.kernel.proc;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/**
 * The entries of {@code /proc} (Linux {@code proc_create}): paths relative to {@code /proc} and what is behind them.
 *
 * <p>Threads: any; texts are made and files read on the threads of the readers.
 */
public final class ProcEntries {

    private static final int READ_ONLY = 0444;

    private final ConcurrentMap<String, ProcEntry> entries = new ConcurrentHashMap<>();

    /**
     * Adds a text that everybody can read (Linux {@code proc_create_single}).
     *
     * @param path as in {@code interrupts} or {@code bus/pci/devices}
     * @param text makes the whole content
     * @return takes the entry away again
     * @throws KernelException EEXIST if the path is taken
     */
    public Runnable add(String path, Supplier<String> text) {
        return add(path, new ProcEntry.Text(READ_ONLY, text));
    }

    /**
     * Adds a file with reads and writes of its own; errors as {@link #add(String, Supplier)}.
     *
     * @param mode permission bits
     * @return takes the entry away again
     */
    public Runnable add(String path, int mode, ProcFile file) {
        return add(path, new ProcEntry.Bytes(mode, file));
    }

    private Runnable add(String path, ProcEntry entry) {
        if (entries.putIfAbsent(path, entry) != null) {
            throw new KernelException(Errno.EEXIST, "/proc/" + path + " exists");
        }
        return () -> entries.remove(path, entry);
    }

    /** All paths, sorted. */
    public Set<String> paths() {
        return new TreeSet<>(entries.keySet());
    }

    /** What is behind a path. */
    public Optional<ProcEntry> find(String path) {
        return Optional.ofNullable(entries.get(path));
    }

    /** The present text of an entry that is one. */
    public Optional<String> read(String path) {
        return find(path)
                .filter(ProcEntry.Text.class::isInstance)
                .map(entry -> ((ProcEntry.Text) entry).text().get());
    }
}
