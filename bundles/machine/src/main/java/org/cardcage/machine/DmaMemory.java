package org.cardcage.machine;

import java.nio.ByteBuffer;

/**
 * Memory shared with a device. Values are little-endian; offsets are bytes from the start. An access outside the range
 * throws {@link IndexOutOfBoundsException}.
 *
 * <p>Threads: any. {@link #getAcquire} and {@link #setRelease} order other accesses as {@link
 * java.lang.invoke.VarHandle} says; the plain forms order nothing.
 */
public interface DmaMemory extends AutoCloseable {

    /** The address at which the device finds the first byte. */
    long deviceAddress();

    /** Size in bytes. */
    long size();

    /**
     * Reads with plain ordering.
     *
     * @param width 1, 2, 4 or 8 bytes
     * @return the value, zero-extended
     */
    long get(long offset, int width);

    /** Writes with plain ordering; {@code width} as for {@link #get}. */
    void put(long offset, int width, long value);

    /** Reads an aligned value of 4 or 8 bytes with acquire ordering. */
    long getAcquire(long offset, int width);

    /** Writes an aligned value of 4 or 8 bytes with release ordering. */
    void setRelease(long offset, int width, long value);

    /** Copies the remaining bytes of {@code from} to {@code offset}; its position moves to its limit. */
    void copyIn(long offset, ByteBuffer from);

    /** Fills the remaining space of {@code to} from {@code offset}; its position moves to its limit. */
    void copyOut(long offset, ByteBuffer to);

    /** Gives the memory back. The caller sees to it that neither it nor the device uses it any more. */
    @Override
    void close();
}
