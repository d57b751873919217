package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

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

    Resources() {}

    /**
     * Writes down something that is released by the core when the driver leaves the device, without a word (Linux {@code
     * devm_…}).
     *
     * @param what names it in reports, as in {@code BAR 0}
     */
    public Entry manage(Phase phase, String what, Runnable release) {
        return add(new Entry(phase, what, false, release));
    }

    /** Writes down something that the driver itself must release; if it does not, the core does so and says so. */
    public Entry lend(Phase phase, String what, Runnable release) {
        return add(new Entry(phase, what, true, release));
    }

    private synchronized Entry add(Entry entry) {
        entries.add(entry);
        return entry;
    }

    /** What is held just now, in the order of taking. */
    public synchronized List<Entry> held() {
        return new ArrayList<>(entries);
    }

    /**
     * Releases all.
     *
     * @param failed told of an entry whose release threw; the others are released all the same
     * @return the entries that the driver should have released itself
     */
    List<Entry> releaseAll(BiConsumer<Entry, Throwable> failed) {
        List<Entry> forgotten = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            List<Entry> all = held();
            for (int i = all.size() - 1; i >= 0; i--) {
                Entry entry = all.get(i);
                if (entry.phase == phase) {
                    if (entry.owed) {
                        forgotten.add(entry);
                    }
                    try {
                        entry.release();
                    } catch (Throwable t) { // the rest must be released in any case
                        failed.accept(entry, t);
                    }
                }
            }
        }
        return forgotten;
    }
}
