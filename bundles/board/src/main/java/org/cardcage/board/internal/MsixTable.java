package org.cardcage.board.internal;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The table and the pending bits of MSI-X (PCI 3.0 sections 6.8.2.6 to 6.8.2.9).
 *
 * <p>Threads: entries are replaced as a whole under the lock of the {@link Messages} and read without one; pending bits are
 * guarded by it.
 */
final class MsixTable {

    private static final int ENTRY = 16;
    private static final int ENTRY_SHIFT = 4;
    private static final int MASK = 1;

    /**
     * One entry of the table.
     *
     * @param address where the message goes
     * @param data what it writes
     * @param masked whether it is held back
     */
    record Entry(long address, int data, boolean masked) {

        static final Entry RESET = new Entry(0, 0, true);

        private static final long LOW = 0xffff_ffffL;

        int read(int word) {
            return switch (word) {
                case 0 -> (int) address;
                case 1 -> (int) (address >>> 32);
                case 2 -> data;
                default -> masked ? MASK : 0;
            };
        }

        Entry with(int word, int value) {
            return switch (word) {
                case 0 -> new Entry(address & ~LOW | value & LOW & ~3, data, masked);
                case 1 -> new Entry(address & LOW | (long) value << 32, data, masked);
                case 2 -> new Entry(address, value, masked);
                default -> new Entry(address, data, (value & MASK) != 0);
            };
        }
    }

    private final AtomicReferenceArray<Entry> entries;
    private final BitSet pending = new BitSet();

    MsixTable(int vectors) {
        entries = new AtomicReferenceArray<>(vectors);
        reset();
    }

    int size() {
        return entries.length();
    }

    Entry entry(int vector) {
        return entries.get(vector);
    }

    BitSet pending() {
        return pending;
    }

    void reset() {
        for (int i = 0; i < entries.length(); i++) {
            entries.set(i, Entry.RESET);
        }
        pending.clear();
    }

    /** Any bytes of the table that lie in one half of an entry. */
    long read(int offset, int size) {
        Entry entry = entry(offset >>> ENTRY_SHIFT);
        int word = offset >>> 2 & 3;
        long value = entry.read(word) & 0xffff_ffffL;
        if (size == 8) {
            value |= (long) entry.read(word + 1) << 32;
        }
        return value >>> 8 * (offset & 3) & -1L >>> Long.SIZE - 8 * size;
    }

    /**
     * A write of 4 or 8 bytes; what a narrower one does is not specified, here it is lost.
     *
     * @return the vector whose entry has changed, or -1
     */
    int write(int offset, int size, long value) {
        if (size < 4) {
            return -1;
        }
        int vector = offset / ENTRY;
        int word = offset >>> 2 & 3;
        Entry changed = entry(vector).with(word, (int) value);
        entries.set(vector, size == 8 ? changed.with(word + 1, (int) (value >>> 32)) : changed);
        return vector;
    }

    /** Any bytes of the pending bits that lie in 8 aligned bytes. */
    long readPending(int offset, int size) {
        long value = 0;
        for (int i = 8 * size - 1; i >= 0; i--) {
            value = value << 1 | (pending.get(8 * offset + i) ? 1 : 0);
        }
        return value;
    }
}
