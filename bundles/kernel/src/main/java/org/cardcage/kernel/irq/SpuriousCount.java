package org.cardcage.kernel.irq;

import java.util.function.LongSupplier;

/** Finds out that nobody answers for an interrupt (Linux {@code note_interrupt}). Threads: that of the handlers. */
final class SpuriousCount {

    /** Of this many interrupts in a row ... */
    private static final int WATCHED = 100_000;
    /** ... so many unhandled ones make it stuck. */
    private static final int STUCK = 99_900;
    /** An unhandled one that comes longer after the one before begins a new count, in nanoseconds. */
    private static final long IN_A_ROW = 100_000_000;

    private final LongSupplier clock;
    private int seen;
    private int unhandled;
    private long lastUnhandled;

    SpuriousCount(LongSupplier clock) {
        this.clock = clock;
    }

    /** Returns whether with this one it is stuck. */
    boolean add(boolean handled) {
        if (!handled) {
            long now = clock.getAsLong();
            unhandled = now - lastUnhandled > IN_A_ROW ? 1 : unhandled + 1;
            lastUnhandled = now;
        }
        if (++seen < WATCHED) {
            return false;
        }
        boolean stuck = unhandled > STUCK;
        seen = 0;
        unhandled = 0;
        return stuck;
    }
}
