package org.cardcage.launcher;

/**
 * A row of bytes as {@code lspci -x} prints it, such as {@code 10: 00 ff}. Read by hand, since a dump has thousands of them.
 *
 * @param offset of the first byte
 * @param bytes 1 to 16
 */
record HexRow(int offset, byte[] bytes) {
    private static final int MOST = 16;

    /** Null if the text is no such row. */
    static HexRow parse(String text) {
        String row = text.stripTrailing();
        int colon = row.indexOf(':');
        int offset = colon == 2 || colon == 3 ? number(row, 0, colon) : -1;
        int count = (row.length() - colon - 1) / 3;
        if (offset < 0 || count < 1 || count > MOST || row.length() != colon + 1 + 3 * count) {
            return null;
        }
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            int start = colon + 1 + 3 * i;
            int value = row.charAt(start) == ' ' ? number(row, start + 1, start + 3) : -1;
            if (value < 0) {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return new HexRow(offset, bytes);
    }

    /** Hexadecimal digits of ASCII, or -1. */
    private static int number(String text, int start, int end) {
        int value = 0;
        for (int i = start; i < end; i++) {
            int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    int end() {
        return offset + bytes.length;
    }
}
