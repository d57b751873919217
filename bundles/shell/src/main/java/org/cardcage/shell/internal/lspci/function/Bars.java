package org.cardcage.shell.internal.lspci.function;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.shell.internal.lspci.function.Resources.Region;

/** What the base address registers say by themselves (PCI Local Bus 3.0 section 6.2.5.1). */
public final class Bars {

    private static final int FIRST = 0x10;
    private static final int IO = 1;
    private static final int TYPE = 6;
    private static final int TYPE_64BIT = 4;
    private static final long ALL_ONES = 0xffffffffL;

    private Bars() {}

    /** How many registers a header of this type has. */
    public static int count(int headerType) {
        return switch (headerType) {
            case 0 -> 6;
            case 1 -> 2;
            case 2 -> 1;
            default -> 0;
        };
    }

    /** The register, 0 if nothing is behind it. */
    public static long register(ConfigBytes c, int index) {
        long value = c.u32(FIRST + 4 * index);
        return value == ALL_ONES ? 0 : value;
    }

    /** Whether the register is the lower half of a pair. */
    public static boolean isWide(long register) {
        return (register & IO) == 0 && (register & TYPE) == TYPE_64BIT;
    }

    /** Whether the last register claims to be the lower half of a pair. */
    public static boolean isBroken(ConfigBytes c) {
        int last = count(c.headerType()) - 1;
        for (int i = 0; i < last; i++) {
            if (isWide(register(c, i))) {
                i++;
                if (i == last) {
                    return false;
                }
            }
        }
        return last >= 0 && isWide(register(c, last));
    }

    /** The regions by their register; that of an upper half or of a broken pair is none. */
    public static List<Region> regions(ConfigBytes c) {
        int count = count(c.headerType());
        List<Region> regions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long register = register(c, i);
            if (!isWide(register)) {
                regions.add(new Region(register, 0));
            } else if (i == count - 1) {
                regions.add(Region.NONE);
            } else {
                i++;
                regions.add(new Region(c.u32(FIRST + 4 * i) << 32 | register, 0));
                regions.add(Region.NONE);
            }
        }
        return regions;
    }
}
