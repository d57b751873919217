package org.cardcage.passive.device;

/** What software can do with each bit of a configuration space; nothing, unless somebody says so. Not for use by several threads. */
final class RegisterMasks {

    private final byte[] writable;
    private final byte[] clearable;

    /** @param size of the configuration space in bytes; what lies beyond it is ignored */
    RegisterMasks(int size) {
        writable = new byte[size];
        clearable = new byte[size];
    }

    /** Bits that software can set and clear. */
    void writable(int offset, int width, int bits) {
        add(writable, offset, width, bits);
    }

    /** Bits that software clears by writing 1. */
    void clearable(int offset, int width, int bits) {
        add(clearable, offset, width, bits);
    }

    private static void add(byte[] to, int offset, int width, int bits) {
        for (int i = 0; i < width && offset + i < to.length; i++) {
            to[offset + i] |= (byte) (bits >>> Byte.SIZE * i);
        }
    }

    /** The writable bits of the 4 bytes at {@code offset}. */
    int writable(int offset) {
        return read(writable, offset);
    }

    /** The bits of the 4 bytes at {@code offset} that writing 1 clears. */
    int clearable(int offset) {
        return read(clearable, offset);
    }

    private static int read(byte[] from, int offset) {
        int bits = 0;
        for (int i = Integer.BYTES - 1; i >= 0; i--) {
            bits = bits << Byte.SIZE | from[offset + i] & 0xff;
        }
        return bits;
    }
}
