package org.cardcage.board.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.cardcage.machine.AddressRange;

/**
 * The RAM of a PC: from address 0 to at most 3 GiB, the rest from 4 GiB on. It is kept in chunks that exist once
 * something has been written to them; reading an untouched chunk gives zeros.
 *
 * <p>Threads: any, without a lock. Accesses have plain ordering unless a method says otherwise.
 */
public final class Ram {

    /** Where low RAM ends at the latest, and the hole for devices begins. */
    public static final long HOLE_START = 0xc000_0000L;
    /** Where high RAM begins. */
    public static final long HIGH_START = 0x1_0000_0000L;
    /** The size is a multiple of this. */
    public static final long GRANULE = 1 << 20;
    /** The most that a board carries. */
    public static final long LARGEST = 256L << 30;

    private static final int CHUNK_BITS = 16;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private final long low;
    private final long high;
    private final AtomicReferenceArray<ByteBuffer> chunks;

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteBufferViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * @param size in bytes, a positive multiple of 1 MiB, at most 256 GiB
     * @throws IllegalArgumentException for any other size
     */
    public Ram(long size) {
        if (size <= 0 || size % GRANULE != 0 || size > LARGEST) {
            throw new IllegalArgumentException(
                    "RAM of " + size + " bytes: must be a multiple of 1 MiB, more than 0 and at most 256 GiB");
        }
        low = Math.min(size, HOLE_START);
        high = size - low;
        chunks = new AtomicReferenceArray<>((int) (size >>> CHUNK_BITS));
    }

    /** The one or two ranges of physical addresses that are RAM. */
    public List<AddressRange> ranges() {
        List<AddressRange> ranges = new ArrayList<>();
        ranges.add(new AddressRange(0, low));
        if (high > 0) {
            ranges.add(new AddressRange(HIGH_START, high));
        }
        return ranges;
    }

    /** How many bytes from this physical address on are RAM without a gap; 0 if the address is not RAM. */
    public long run(long address) {
        if (Long.compareUnsigned(address, low) < 0) {
            return low - address;
        }
        long above = address - HIGH_START;
        return Long.compareUnsigned(above, high) < 0 ? high - above : 0;
    }

    private long index(long address) {
        return address >= HIGH_START ? low + (address - HIGH_START) : address;
    }

    private ByteBuffer touch(long index) {
        int number = (int) (index >>> CHUNK_BITS);
        ByteBuffer chunk = chunks.get(number);
        if (chunk == null) {
            ByteBuffer fresh = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            chunk = chunks.compareAndExchange(number, null, fresh);
            chunk = chunk == null ? fresh : chunk;
        }
        return chunk;
    }

    /** Reads 1, 2, 4 or 8 bytes, all of which are RAM; zero-extended. */
    public long read(long address, int size) {
        long index = index(address);
        int offset = (int) index & (CHUNK - 1);
        if (offset > CHUNK - size) {
            int half = size / 2;
            return read(address, half) | read(address + half, half) << (8 * half);
        }
        ByteBuffer chunk = chunks.get((int) (index >>> CHUNK_BITS));
        if (chunk == null) {
            return 0;
        }
        return switch (size) {
            case 1 -> chunk.get(offset) & 0xff;
            case 2 -> (short) SHORT.get(chunk, offset) & 0xffff;
            case 4 -> (int) INT.get(chunk, offset) & 0xffff_ffffL;
            case 8 -> (long) LONG.get(chunk, offset);
            default -> throw new IllegalArgumentException("access of " + size + " bytes");
        };
    }

    /** Writes the low 1, 2, 4 or 8 bytes of {@code value}, all of them to RAM. */
    public void write(long address, int size, long value) {
        long index = index(address);
        int offset = (int) index & (CHUNK - 1);
        if (offset > CHUNK - size) {
            int half = size / 2;
            write(address, half, value);
            write(address + half, half, value >>> (8 * half));
            return;
        }
        ByteBuffer chunk = touch(index);
        switch (size) {
            case 1 -> chunk.put(offset, (byte) value);
            case 2 -> SHORT.set(chunk, offset, (short) value);
            case 4 -> INT.set(chunk, offset, (int) value);
            case 8 -> LONG.set(chunk, offset, value);
            default -> throw new IllegalArgumentException("access of " + size + " bytes");
        }
    }

    /** Reads an aligned value of 4 or 8 bytes with acquire ordering. */
    public long readAcquire(long address, int size) {
        long index = index(address);
        ByteBuffer chunk = chunks.get((int) (index >>> CHUNK_BITS));
        if (chunk == null) {
            return 0;
        }
        int offset = (int) index & (CHUNK - 1);
        return size == 8 ? (long) LONG.getAcquire(chunk, offset) : (int) INT.getAcquire(chunk, offset) & 0xffff_ffffL;
    }

    /** Writes an aligned value of 4 or 8 bytes with release ordering. */
    public void writeRelease(long address, int size, long value) {
        long index = index(address);
        ByteBuffer chunk = touch(index);
        int offset = (int) index & (CHUNK - 1);
        if (size == 8) {
            LONG.setRelease(chunk, offset, value);
        } else {
            INT.setRelease(chunk, offset, (int) value);
        }
    }

    /** Copies the next {@code count} bytes of {@code from} to RAM; all of the target is RAM. */
    public void copyIn(long address, ByteBuffer from, int count) {
        long index = index(address);
        int left = count;
        while (left > 0) {
            int offset = (int) index & (CHUNK - 1);
            int part = Math.min(left, CHUNK - offset);
            touch(index).put(offset, from, from.position(), part);
            from.position(from.position() + part);
            index += part;
            left -= part;
        }
    }

    /** Copies {@code count} bytes of RAM to the position of {@code to}; all of the source is RAM. */
    public void copyOut(long address, ByteBuffer to, int count) {
        long index = index(address);
        int left = count;
        while (left > 0) {
            int offset = (int) index & (CHUNK - 1);
            int part = Math.min(left, CHUNK - offset);
            ByteBuffer chunk = chunks.get((int) (index >>> CHUNK_BITS));
            if (chunk == null) {
                to.put(to.position(), new byte[part]);
            } else {
                to.put(to.position(), chunk, offset, part);
            }
            to.position(to.position() + part);
            index += part;
            left -= part;
        }
    }

    /** Makes {@code count} bytes zero, all of which are RAM; does not bring chunks into being. */
    public void clear(long address, long count) {
        long index = index(address);
        long left = count;
        while (left > 0) {
            int offset = (int) index & (CHUNK - 1);
            int part = (int) Math.min(left, CHUNK - offset);
            ByteBuffer chunk = chunks.get((int) (index >>> CHUNK_BITS));
            if (chunk != null) {
                chunk.put(offset, new byte[part]);
            }
            index += part;
            left -= part;
        }
    }
}
