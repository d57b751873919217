package org.cardcage.shell.internal.lspci.function;

import java.util.Arrays;

/**
 * The part of a configuration space that can be read: all of it, the first 64 bytes without privilege, or what a dump holds.
 * A value that is not wholly in this part reads as all ones, as one of a function that is gone does.
 *
 * <p>Threads: immutable.
 */
public final class ConfigBytes {

    /** Size of the header of a device or bridge. */
    public static final int HEADER = 64;

    private final byte[] bytes;

    /** @param bytes from offset 0 on; becomes the property of this object */
    public ConfigBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** How many bytes can be read. */
    public int length() {
        return bytes.length;
    }

    /** The first bytes of it. */
    public ConfigBytes first(int count) {
        return new ConfigBytes(Arrays.copyOf(bytes, Math.min(count, bytes.length)));
    }

    /** Whether all these bytes can be read. */
    public boolean has(int offset, int length) {
        return offset + length <= bytes.length;
    }

    /** 8 bits. */
    public int u8(int offset) {
        return (int) value(offset, 1);
    }

    /** 16 bits, little-endian. */
    public int u16(int offset) {
        return (int) value(offset, 2);
    }

    /** 32 bits, little-endian. */
    public long u32(int offset) {
        return value(offset, 4);
    }

    /** Header type without the multi-function bit: 0 device, 1 bridge, 2 CardBus bridge. */
    public int headerType() {
        return u8(0x0e) & 0x7f;
    }

    private long value(int offset, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | (has(offset, size) ? bytes[offset + i] & 0xff : 0xff);
        }
        return value;
    }
}
