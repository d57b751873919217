package org.cardcage.device;

/**
 * An MSI-X capability (PCI 3.0 section 6.8.2). Table and pending bits belong to whoever carries the model: accesses to
 * their place in the BAR never reach the model.
 *
 * @param offset of the capability, or {@link #ANYWHERE}
 * @param vectors entries of the table, 1 to 2048
 * @param tableBar index of the memory BAR with the table
 * @param tableOffset in that BAR, a multiple of 8; the table takes 16 bytes for each vector
 * @param pendingBar index of the memory BAR with the pending bits
 * @param pendingOffset in that BAR, a multiple of 8; the pending bits take 8 bytes for each 64 vectors
 */
public record MsixCapability(
        int offset, int vectors, int tableBar, long tableOffset, int pendingBar, long pendingOffset)
        implements Capability {

    private static final int MOST = 2048;
    private static final long LAST_OFFSET = 0xffff_fff8L;

    /** @throws IllegalArgumentException if a part is out of its range */
    public MsixCapability {
        if (vectors < 1 || vectors > MOST) {
            throw new IllegalArgumentException("MSI-X capability with " + vectors + " vectors: must be 1 to " + MOST);
        }
        checkPlace("table", tableBar, tableOffset);
        checkPlace("pending bits", pendingBar, pendingOffset);
        if (tableBar == pendingBar
                && tableOffset < pendingOffset + pendingLength(vectors)
                && pendingOffset < tableOffset + tableLength(vectors)) {
            throw new IllegalArgumentException("MSI-X table and pending bits overlap");
        }
    }

    private static void checkPlace(String what, int bar, long place) {
        if (bar < 0 || bar > 5 || place < 0 || place > LAST_OFFSET || place % 8 != 0) {
            throw new IllegalArgumentException(String.format(
                    "MSI-X %s in BAR %d at 0x%x: the BAR must be 0 to 5, the offset a multiple of 8 below 4 GiB",
                    what, bar, place));
        }
    }

    /** Somewhere in configuration space, with the table at the start of a BAR and the pending bits right behind it. */
    public static MsixCapability of(int vectors, int bar) {
        return new MsixCapability(ANYWHERE, vectors, bar, 0, bar, tableLength(vectors));
    }

    private static long tableLength(int vectors) {
        return 16L * vectors;
    }

    private static long pendingLength(int vectors) {
        return 8L * ((vectors + 63) / 64);
    }

    /** Bytes of the table. */
    public long tableLength() {
        return tableLength(vectors);
    }

    /** Bytes of the pending bits. */
    public long pendingLength() {
        return pendingLength(vectors);
    }

    @Override
    public int id() {
        return 0x11;
    }

    @Override
    public int length() {
        return 12;
    }
}
