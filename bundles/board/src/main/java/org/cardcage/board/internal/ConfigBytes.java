package org.cardcage.board.internal;

/**
 * Bytes of configuration space, each bit of which software can write, can clear by writing 1, or can only read. Bytes
 * behind the last one that means something read 0.
 *
 * <p>Threads: guarded by the lock of the {@link Fabric}.
 */
final class ConfigBytes {

    private final int size;
    private final byte[] value;
    private final byte[] initial;
    private final byte[] writable;
    private final byte[] clearable;
    private final byte[] sticky;
    private final byte[] shared;

    /**
     * @param size of the space that answers
     * @param used bytes from its start that mean something
     */
    ConfigBytes(int size, int used) {
        this.size = size;
        value = new byte[used];
        initial = new byte[used];
        writable = new byte[used];
        clearable = new byte[used];
        sticky = new byte[used];
        shared = new byte[used];
    }

    int size() {
        return size;
    }

    /** Gives a register its value after a reset and what software can do with it; all 1 to 4 bytes wide. */
    void define(int offset, int width, int bits, int write, int clear) {
        set(offset, width, bits);
        put(initial, offset, width, bits);
        put(writable, offset, width, write);
        put(clearable, offset, width, clear);
        put(sticky, offset, width, 0);
        put(shared, offset, width, 0);
    }

    /** Defines a register that software can only read. */
    void define(int offset, int width, int bits) {
        define(offset, width, bits, 0, 0);
    }

    /** Bits that survive each reset with power on. */
    void keep(int offset, int width, int bits) {
        put(sticky, offset, width, bits);
    }

    /** Bits that survive a reset of the function alone. */
    void keepAlone(int offset, int width, int bits) {
        put(shared, offset, width, bits);
    }

    private static void put(byte[] where, int offset, int width, int bits) {
        for (int i = 0; i < width; i++) {
            where[offset + i] = (byte) (bits >>> (8 * i));
        }
    }

    /** Sets a register whatever software may do with it. */
    void set(int offset, int width, int bits) {
        put(value, offset, width, bits);
    }

    /** Sets or clears bits of a register whatever software may do with them. */
    void set(int offset, int width, int bits, boolean on) {
        int before = read(offset, width);
        set(offset, width, on ? before | bits : before & ~bits);
    }

    /** The bytes from {@code offset}, all inside the space, zero-extended unless there are four. */
    int read(int offset, int width) {
        int result = 0;
        for (int i = width - 1; i >= 0; i--) {
            int at = offset + i;
            result = result << 8 | (at < value.length ? value[at] & 0xff : 0);
        }
        return result;
    }

    /** Whether bits of a register are set. */
    boolean has(int offset, int width, int bits) {
        return (read(offset, width) & bits) != 0;
    }

    /** A write as far as the bits allow it. */
    void write(int offset, int width, int bits) {
        for (int i = 0; i < width && offset + i < value.length; i++) {
            int at = offset + i;
            int written = bits >>> (8 * i);
            int mask = writable[at];
            value[at] = (byte) ((value[at] & ~mask | written & mask) & ~(written & clearable[at]));
        }
    }

    /** Gives what software can change its initial value, but for what survives such a reset. */
    void reset(Reset kind) {
        for (int i = 0; i < value.length; i++) {
            int kept =
                    switch (kind) {
                        case FUNCTION -> sticky[i] | shared[i];
                        case BUS -> sticky[i];
                        case POWER -> 0;
                    };
            int lost = (writable[i] | clearable[i]) & ~kept;
            value[i] = (byte) (value[i] & ~lost | initial[i] & lost);
        }
    }

    /** Of an access, the bits that fall on a register; 0 where it does not reach. */
    static int covered(int register, int registerWidth, int offset, int width, int bits) {
        int result = 0;
        for (int i = 0; i < width; i++) {
            int place = offset + i - register;
            if (place >= 0 && place < registerWidth) {
                result |= (bits >>> (8 * i) & 0xff) << (8 * place);
            }
        }
        return result;
    }

    /** Whether an access touches bytes {@code from} to {@code end - 1}. */
    static boolean touches(int from, int end, int offset, int width) {
        return offset < end && offset + width > from;
    }
}
