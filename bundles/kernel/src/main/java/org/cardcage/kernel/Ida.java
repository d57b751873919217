package org.cardcage.kernel;

import java.util.BitSet;

/** Gives out the lowest free number (Linux {@code ida_alloc}). Threads: any. */
public final class Ida {

    private final BitSet taken = new BitSet();
    private final int first;

    /** Numbers from 0. */
    public Ida() {
        this(0);
    }

    /** Numbers from {@code first}. */
    public Ida(int first) {
        this.first = first;
    }

    /** The lowest number that is free; it is taken from now on. */
    public synchronized int allocate() {
        int number = taken.nextClearBit(first);
        taken.set(number);
        return number;
    }

    /** Gives a number back. */
    public synchronized void free(int number) {
        taken.clear(number);
    }
}
