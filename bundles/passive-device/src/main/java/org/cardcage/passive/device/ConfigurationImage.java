package org.cardcage.passive.device;

import java.util.Arrays;
import java.util.List;

/**
 * The bytes of a configuration space, as {@code lspci -x} prints them: rows of an offset, a colon and up to 16 bytes, all
 * hexadecimal. Bytes that no row holds are 0. Immutable.
 */
public final class ConfigurationImage {

    private static final int CONVENTIONAL = 256;
    private static final int EXTENDED = 4096;
    private static final int ROW = 16;

    private final byte[] bytes;

    private ConfigurationImage(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads rows; one beyond the first 256 bytes makes a space of 4096 bytes.
     *
     * @throws IllegalArgumentException naming the row that cannot be read or does not fit
     */
    public static ConfigurationImage parse(List<String> rows) {
        byte[] all = new byte[EXTENDED];
        int size = CONVENTIONAL;
        for (String row : rows) {
            int end = put(row.strip(), all);
            if (end < 0) {
                throw new IllegalArgumentException("\"" + row
                        + "\" is no row of configuration space; it must be an offset and up to 16 bytes, as in"
                        + " \"00: 34 12 e8 11\"");
            }
            if (end > EXTENDED) {
                throw new IllegalArgumentException("\"" + row + "\" goes beyond the 4096 bytes of configuration space");
            }
            size = end > CONVENTIONAL ? EXTENDED : size;
        }
        return new ConfigurationImage(Arrays.copyOf(all, size));
    }

    /** Takes the bytes of a row; the offset behind the last one, or -1 if it is no row. By hand, since a dump has many of them. */
    private static int put(String row, byte[] to) {
        int colon = row.indexOf(':');
        int at = colon == 2 || colon == 3 ? number(row, 0, colon) : -1;
        int count = (row.length() - colon - 1) / 3;
        if (at < 0 || count < 1 || count > ROW || row.length() != colon + 1 + 3 * count) {
            return -1;
        }
        for (int i = 0; i < count; i++) {
            int start = colon + 1 + 3 * i;
            int value = row.charAt(start) == ' ' ? number(row, start + 1, start + 3) : -1;
            if (value < 0) {
                return -1;
            }
            if (at + i < EXTENDED) {
                to[at + i] = (byte) value;
            }
        }
        return at + count;
    }

    /** Hexadecimal digits, or -1. */
    private static int number(String text, int start, int end) {
        int value = 0;
        for (int i = start; i < end; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** 256 or 4096 bytes. */
    public int size() {
        return bytes.length;
    }

    /** A register of 1 to 4 bytes, zero-extended unless there are four. */
    public int read(int offset, int width) {
        int value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << Byte.SIZE | bytes[offset + i] & 0xff;
        }
        return value;
    }
}
