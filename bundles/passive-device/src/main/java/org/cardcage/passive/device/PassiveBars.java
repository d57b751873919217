package org.cardcage.passive.device;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large the BARs of a function are, which its configuration space does not tell unless somebody writes to it. Immutable.
 *
 * @param sizes in bytes by index; 6 is the expansion ROM
 */
public record PassiveBars(Map<Integer, Long> sizes) {

    /** The index of the expansion ROM. */
    public static final int ROM = 6;

    private static final Pattern SIZE = Pattern.compile("\\s*([0-5]|rom)\\s*=\\s*([0-9]{1,18})([KMGT]?)\\s*");
    private static final int KIB_SHIFT = 10;

    public PassiveBars {
        sizes = Map.copyOf(sizes);
    }

    /**
     * Reads {@code INDEX=SIZE} or {@code rom=SIZE}, a size in bytes or with one of K, M, G and T.
     *
     * @throws IllegalArgumentException naming what cannot be read, is said twice or is no power of two
     */
    public static PassiveBars parse(List<String> texts) {
        Map<Integer, Long> sizes = new HashMap<>();
        for (String text : texts) {
            Matcher m = SIZE.matcher(text);
            if (!m.matches()) {
                throw new IllegalArgumentException("\"" + text
                        + "\" is not of the form BAR=SIZE, as in \"0=128K\" or \"rom=64K\", with BAR 0 to 5 or rom");
            }
            int shift = KIB_SHIFT * (" KMGT".indexOf(m.group(3).isEmpty() ? " " : m.group(3)));
            long size = Long.parseLong(m.group(2)) << shift;
            if (Long.bitCount(size) != 1 || size < 0) {
                throw new IllegalArgumentException("\"" + text + "\": a size must be a power of two");
            }
            int index = m.group(1).equals("rom") ? ROM : Integer.parseInt(m.group(1));
            if (sizes.put(index, size) != null) {
                throw new IllegalArgumentException("\"" + text + "\": the size of this BAR is said twice");
            }
        }
        return new PassiveBars(sizes);
    }
}
