package org.cardcage.passive.device;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of a configuration space, as {@code lspci -x} prints them: rows of an offset, a colon and up to 16 bytes, all
 * hexadecimal. Bytes that no row holds are 0. Immutable.
 */
public final class ConfigurationImage {

    private static final int CONVENTIONAL = 256;
    private static final int EXTENDED = 4096;
    private static final Pattern ROW = Pattern.compile("([0-9a-fA-F]{2,3}):((?: [0-9a-fA-F]{2}){1,16})");

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
            Matcher m = ROW.matcher(row.strip());
            if (!m.matches()) {
                throw new IllegalArgumentException("\"" + row
                        + "\" is no row of configuration space; it must be an offset and up to 16 bytes, as in"
                        + " \"00: 34 12 e8 11\"");
            }
            int at = Integer.parseInt(m.group(1), 16);
            String[] values = m.group(2).strip().split(" ");
            if (at + values.length > EXTENDED) {
                throw new IllegalArgumentException("\"" + row + "\" goes beyond the 4096 bytes of configuration space");
            }
            for (String value : values) {
                all[at++] = (byte) Integer.parseInt(value, 16);
            }
            size = at > CONVENTIONAL ? EXTENDED : size;
        }
        return new ConfigurationImage(Arrays.copyOf(all, size));
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
