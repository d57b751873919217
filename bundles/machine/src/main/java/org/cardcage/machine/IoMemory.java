package org.cardcage.machine;

import java.util.function.Supplier;

/**
 * A handle on device memory or ports (Linux: what {@code ioremap} or {@code pci_iomap} returns). Values are
 * little-endian on the bus; narrower than a {@code long} they are zero-extended. Offsets are bytes from the start of the
 * handle; an access need not be aligned, the machine then cuts it up as its bus does.
 *
 * <p>Where nothing answers, a read gives what the machine's bus gives (all ones on real PCI) and a write vanishes; neither
 * is an error, as on metal. An access that does not lie inside the handle is a mistake of the caller and throws {@link
 * IndexOutOfBoundsException}.
 *
 * <p>Threads: any, without a lock. After {@link #revoke} has returned, each access throws; one that began before may still
 * be under way in another thread.
 */
public abstract class IoMemory {

    /** Only machines make handles. */
    protected IoMemory() {}

    /** First physical address (or port number) of the handle. */
    public abstract long address();

    /** Length in bytes. */
    public abstract long length();

    /**
     * @param size 1, 2, 4 or 8 bytes
     * @return the value, zero-extended
     */
    public abstract long read(long offset, int size);

    /**
     * @param size 1, 2, 4 or 8 bytes
     * @param value of which the low {@code size} bytes count
     */
    public abstract void write(long offset, int size, long value);

    /** Linux {@code readb}. */
    public final int read8(long offset) {
        return (int) read(offset, 1);
    }

    /** Linux {@code readw}. */
    public final int read16(long offset) {
        return (int) read(offset, 2);
    }

    /** Linux {@code readl}. */
    public final int read32(long offset) {
        return (int) read(offset, 4);
    }

    /** Linux {@code readq}. */
    public final long read64(long offset) {
        return read(offset, 8);
    }

    /** Linux {@code writeb}. */
    public final void write8(long offset, int value) {
        write(offset, 1, value & 0xff);
    }

    /** Linux {@code writew}. */
    public final void write16(long offset, int value) {
        write(offset, 2, value & 0xffff);
    }

    /** Linux {@code writel}. */
    public final void write32(long offset, int value) {
        write(offset, 4, value & 0xffff_ffffL);
    }

    /** Linux {@code writeq}. */
    public final void write64(long offset, long value) {
        write(offset, 8, value);
    }

    /**
     * From now on the handle answers as if nothing were there: reads give all ones, writes vanish. For a card that was
     * pulled, whose addresses may be another card's by now. {@link #revoke} still works afterwards.
     */
    public abstract void disconnect();

    /**
     * Makes each further access throw what {@code reason} supplies. The first call counts, further ones change nothing.
     */
    public abstract void revoke(Supplier<? extends RuntimeException> reason);

    /**
     * A part of this handle, with a life of its own as long as this one lives.
     *
     * @param offset of its start in bytes
     * @param length in bytes
     * @throws IndexOutOfBoundsException if it does not lie inside this handle
     */
    public final IoMemory window(long offset, long length) {
        return new IoWindow(this, offset, length);
    }
}
