package org.cardcage.device;

import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * One register of a function, declared once. Without callbacks it is a cell that keeps what is written to it; a callback
 * for reading replaces the cell's value, one for writing replaces the storing.
 *
 * <p>Threads: any. The value is volatile; callbacks run on the thread of the access, without a lock.
 */
public final class Register {

    private final String name;
    private final int offset;
    private final int width;
    private final Access access;
    private final long reset;
    private final String description;
    private final long mask;

    private LongSupplier reader;
    private LongConsumer writer;
    private volatile long value;

    /**
     * @param name as in the datasheet
     * @param offset in bytes from the start of the BAR, a multiple of {@code width}
     * @param width 1, 2, 4 or 8 bytes
     * @param access what software can do
     * @param reset the value at power-on
     * @param description one line for people
     * @throws IllegalArgumentException if width, offset or reset value are not possible
     */
    public Register(String name, int offset, int width, Access access, long reset, String description) {
        this.name = Objects.requireNonNull(name, "name");
        this.offset = offset;
        this.width = width;
        this.access = Objects.requireNonNull(access, "access");
        this.reset = reset;
        this.description = Objects.requireNonNull(description, "description");
        if (width != 1 && width != 2 && width != 4 && width != 8) {
            throw new IllegalArgumentException("register " + name + ": width " + width + " must be 1, 2, 4 or 8 bytes");
        }
        mask = -1L >>> (64 - 8 * width);
        if (offset < 0 || offset % width != 0) {
            throw new IllegalArgumentException(
                    String.format("register %s: offset 0x%x must be a multiple of its width %d", name, offset, width));
        }
        if ((reset & ~mask) != 0) {
            throw new IllegalArgumentException(
                    String.format("register %s: reset value 0x%x does not fit into %d bytes", name, reset, width));
        }
        value = reset;
    }

    /** Reads give what {@code callback} returns, of which the low {@link #width} bytes count. */
    public Register onRead(LongSupplier callback) {
        reader = callback;
        return this;
    }

    /** Writes call {@code callback} with the value, zero-extended. */
    public Register onWrite(LongConsumer callback) {
        writer = callback;
        return this;
    }

    public String name() {
        return name;
    }

    /** In bytes from the start of the BAR. */
    public int offset() {
        return offset;
    }

    /** In bytes. */
    public int width() {
        return width;
    }

    public Access access() {
        return access;
    }

    /** The value at power-on. */
    public long resetValue() {
        return reset;
    }

    public String description() {
        return description;
    }

    /** The value of the cell. */
    public long get() {
        return value;
    }

    /** Sets the cell without calling anybody; of {@code fresh} the low {@link #width} bytes count. */
    public void set(long fresh) {
        value = fresh & mask;
    }

    /** Gives the cell its power-on value. */
    public void reset() {
        value = reset;
    }

    long read() {
        LongSupplier callback = reader;
        return callback == null ? value : callback.getAsLong() & mask;
    }

    void write(long fresh) {
        LongConsumer callback = writer;
        if (callback == null) {
            value = fresh & mask;
        } else {
            callback.accept(fresh & mask);
        }
    }

    /** Name and place, as in {@code LIVENESS (0x04-0x07)}. */
    @Override
    public String toString() {
        return String.format("%s (0x%02x-0x%02x)", name, offset, offset + width - 1);
    }
}
