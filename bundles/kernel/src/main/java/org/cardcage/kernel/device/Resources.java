package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/**
 * What a driver has taken for one device, to be released in reverse order (Linux devres).
 *
 * <p>Threads: any; {@code this} guards the list, a release runs without it.
 */
public final class Resources {

    /** When in a removal something is released; within a phase in reverse order of taking. */
    public enum Phase {
        /** Handlers and vectors: afterwards nothing calls the driver. */
        INTERRUPTS,
        /** Mappings, regions, DMA memory: afterwards every use is ENODEV. */
        MEMORY
    }

    /** Something taken; ends when it is released by whoever comes first. */
    public final class Entry {
        private final Phase phase;
        private final String what;
        private final boolean owed;
        private final Runnable release;

        private Entry(Phase phase, String what, boolean owed, Runnable release) {
            this.phase = phase;
            this.what = what;
            this.owed = owed;
            this.release = release;
        }

        /** Releases it now, unless that has happened. */
        public void release() {
            boolean mine;
            synchronized (Resources.this) {
                mine = entries.remove(this);
            }
            if (mine) {
                release.run();
            }
        }

        @Override
        public String toString() {
            return what;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private boolean open;

    Resources() {}

    /**
     * Writes down something that is released by the core when the driver leaves the device, without a word (Linux {@code
     * devm_…}).
     *
     * @param what names it in reports, as in {@code BAR 0}
     * @throws KernelException ENODEV if no driver has the device any more; {@code release} has been run then
     */
    public Entry manage(Phase phase, String what, Runnable release) {
        return add(new Entry(phase, what, false, release));
    }

    /** Writes down something that the driver itself must release; if it does not, the core does so and says so. */
    public Entry lend(Phase phase, String what, Runnable release) {
        return add(new Entry(phase, what, true, release));
    }

    private Entry add(Entry entry) {
        synchronized (this) {
            if (open) {
                entries.add(entry);
                return entry;
            }
        }
        entry.release.run();
        throw new KernelException(Errno.ENODEV, entry + " is refused: no driver has the device");
    }

    /** A driver may take things from now on. */
    synchronized void open() {
        open = true;
    }

    /** What is held just now, in the order of taking. */
    public synchronized List<Entry> held() {
        return new ArrayList<>(entries);
    }

    /**
     * Releases what belongs to a phase, in reverse order. After the last phase nothing is accepted any more, so that a
     * thread that the driver forgot leaves nothing behind.
     *
     * @param failed told of an entry whose release threw; the others are released all the same
     * @return the entries that the driver should have released itself
     */
    List<Entry> releaseAll(Phase phase, BiConsumer<Entry, Throwable> failed) {
        List<Entry> forgotten = new ArrayList<>();
        for (Entry entry = last(phase); entry != null; entry = last(phase)) {
            if (entry.owed) {
                forgotten.add(entry);
            }
            try {
                entry.release();
            } catch (Throwable t) { // the rest must be released in any case
                failed.accept(entry, t);
            }
        }
        return forgotten;
    }

    /** The entry of a phase that was taken last, or null; when the last phase is empty, nothing is accepted any more. */
    private synchronized Entry last(Phase phase) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).phase == phase) {
                return entries.get(i);
            }
        }
        if (phase == Phase.MEMORY) {
            open = false;
        }
        return null;
    }
}
