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
 * The entries of {@code /proc} (Linux {@code proc_create_single}): a path relative to {@code /proc} and what makes the
 * text, which is asked anew each time the file is opened.
 *
 * <p>Threads: any; a text is made on the thread of the reader.
 */
public final class ProcEntries {

    private final ConcurrentMap<String, Supplier<String>> entries = new ConcurrentHashMap<>();

    /**
     * Adds an entry.
     *
     * @param path as in {@code interrupts} or {@code bus/pci/devices}
     * @param text makes the whole content
     * @return takes the entry away again
     * @throws KernelException EEXIST if the path is taken
     */
    public Runnable add(String path, Supplier<String> text) {
        if (entries.putIfAbsent(path, text) != null) {
            throw new KernelException(Errno.EEXIST, "/proc/" + path + " exists");
        }
        return () -> entries.remove(path, text);
    }

    /** All paths, sorted. */
    public Set<String> paths() {
        return new TreeSet<>(entries.keySet());
    }

    /** The present text of an entry. */
    public Optional<String> read(String path) {
        return Optional.ofNullable(entries.get(path)).map(Supplier::get);
    }
}
