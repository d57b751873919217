package org.cardcage.test.device;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The memory on the card, zeroed at first. It takes space of the JVM once something has been written or transferred.
 *
 * <p>Threads: any, with plain ordering as memory has it; {@code this} guards the making of {@code bytes}.
 */
final class TestMemory {

    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private final int size;
    private volatile ByteBuffer bytes;

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteBufferViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    TestMemory(int size) {
        this.size = size;
    }

    /** Bytes. */
    int size() {
        return size;
    }

    private ByteBuffer bytes() {
        ByteBuffer present = bytes;
        return present != null ? present : make();
    }

    private synchronized ByteBuffer make() {
        if (bytes == null) {
            bytes = ByteBuffer.allocateDirect(size);
        }
        return bytes;
    }

    /** A part of it, whose position and limit are the caller's own. */
    ByteBuffer slice(int offset, int count) {
        return bytes().slice(offset, count);
    }

    long read(int offset, int width) {
        ByteBuffer present = bytes;
        if (present == null) {
            return 0;
        }
        return switch (width) {
            case 1 -> present.get(offset) & 0xff;
            case 2 -> (short) SHORT.get(present, offset) & 0xffff;
            case 4 -> (int) INT.get(present, offset) & 0xffff_ffffL;
            default -> (long) LONG.get(present, offset);
        };
    }

    void write(int offset, int width, long value) {
        ByteBuffer present = bytes();
        switch (width) {
            case 1 -> present.put(offset, (byte) value);
            case 2 -> SHORT.set(present, offset, (short) value);
            case 4 -> INT.set(present, offset, (int) value);
            default -> LONG.set(present, offset, value);
        }
    }
}
