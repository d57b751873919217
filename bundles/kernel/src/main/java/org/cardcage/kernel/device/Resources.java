package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.Collections;
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
        private final Runnable revoke;
        private final Runnable release;

        private Entry(Phase phase, String what, boolean owed, Runnable revoke, Runnable release) {
            this.phase = phase;
            this.what = what;
            this.owed = owed;
            this.revoke = revoke;
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
        return manage(phase, what, () -> {}, release);
    }

    /**
     * The same for something that can be taken from a driver that is still inside.
     *
     * @param revoke makes it useless to the driver at once, without waiting for anybody and without giving anything back
     *     that others could get; run before {@code release}, on another thread, if the driver does not leave in time
     */
    public Entry manage(Phase phase, String what, Runnable revoke, Runnable release) {
        return add(new Entry(phase, what, false, revoke, release));
    }

    /**
     * Writes down something that the driver itself must release; if it does not, the core does so and says so.
     *
     * @param revoke as for {@link #manage(Phase, String, Runnable, Runnable)}
     */
    public Entry lend(Phase phase, String what, Runnable revoke, Runnable release) {
        return add(new Entry(phase, what, true, revoke, release));
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

    /** Nothing is accepted any more; what is held is released as ever. */
    synchronized void close() {
        open = false;
    }

    /**
     * Makes what belongs to a phase useless to the driver, in reverse order; it stays held.
     *
     * @param failed told of an entry that could not be revoked
     */
    void revokeAll(Phase phase, BiConsumer<Entry, Throwable> failed) {
        List<Entry> all = held();
        Collections.reverse(all);
        for (Entry entry : all) {
            if (entry.phase == phase) {
                try {
                    entry.revoke.run();
                } catch (Throwable t) { // the rest must be revoked in any case
                    failed.accept(entry, t);
                }
            }
        }
    }

    /** What is held just now, in the order of taking. */
    public synchronized List<Entry> held() {
        return new ArrayList<>(entries);
    }

    /**
     * Releases what belongs to a phase, in reverse order; after {@link #close}, so that a thread that the driver forgot leaves
     * nothing behind.
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

    /** The entry of a phase that was taken last, or null. */
    private synchronized Entry last(Phase phase) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).phase == phase) {
                return entries.get(i);
            }
        }
        return null;
    }
}
