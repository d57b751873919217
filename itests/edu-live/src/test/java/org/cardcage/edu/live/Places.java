package org.cardcage.edu.live;

import java.util.List;
import java.util.Random;

/** Where things are in physical memory space, the same on both sides. */
final class Places {

    static final int RAM_MIB = 16;
    static final long RAM_SIZE = (long) RAM_MIB << 20;

    /** A window at which RAM is compared and which a transfer can hit. */
    record Area(long start, long length) {
        boolean holds(long address, long count) {
            return Long.compareUnsigned(address, start) >= 0
                    && address - start >= 0
                    && address - start <= length
                    && count >= 0
                    && count <= length - (address - start);
        }
    }

    /** Long enough for a transfer of the whole buffer and something behind it. */
    private static final long AREA = 0x1400;

    static final long LOW = 0;
    static final long MAIN = 0x10_0000;
    static final long END = RAM_SIZE - AREA;

    /** RAM that is set at the beginning and compared at the end. */
    static final List<Area> RAM = List.of(new Area(LOW, AREA), new Area(MAIN, AREA), new Area(END, AREA));

    /** Messages that land here are seen. */
    static final Area DOORBELL = new Area(0x18_0000, 0x20);

    static final int DOORBELL_FILL = 0xa5;

    /** Where the registers are put, below and above the 28 bits of a bus address that the card drives. */
    static final long LOW_WINDOW = 0x0e00_0000;

    static final long HIGH_WINDOW = 0xe000_0000L;
    static final long WINDOW_SIZE = 0x10_0000;

    /** No BAR is ever put here. */
    static final Area NOTHING = new Area(0x0200_0000, 0x0200_0000);

    /**
     * What a transfer can hit without an effect that outlives a sequence or comes at a time of its own: RAM that is set again,
     * the end of RAM, nothing, and registers other than the factorial's.
     */
    private static final List<Area> SAFE = List.of(
            RAM.get(0),
            RAM.get(1),
            new Area(END, AREA + 0x1000),
            NOTHING,
            new Area(LOW_WINDOW + 0x24, WINDOW_SIZE - 0x2000),
            new Area(HIGH_WINDOW + 0x24, WINDOW_SIZE - 0x2000),
            new Area(1L << 32, Long.MAX_VALUE - (1L << 32)));

    private Places() {}

    /** Whether a transfer may be pointed there. */
    static boolean isSafe(long address, long count) {
        return SAFE.stream().anyMatch(area -> area.holds(address, count));
    }

    /** Whether the address lies where the registers are put at times. */
    static boolean isInWindow(long address) {
        return address >= LOW_WINDOW && address < LOW_WINDOW + WINDOW_SIZE
                || address >= HIGH_WINDOW && address < HIGH_WINDOW + WINDOW_SIZE;
    }

    /** An address for a transfer, edges preferred; most are safe whatever the mask. */
    static long busAddress(Random random) {
        long base = pick(
                random, LOW, MAIN, MAIN, MAIN, END, RAM_SIZE, NOTHING.start(), LOW_WINDOW + 0x60, HIGH_WINDOW + 0x80);
        long address = base + (random.nextBoolean() ? 0 : random.nextInt(0x200));
        if (base == RAM_SIZE) {
            address -= random.nextInt(0x40);
        }
        // bits that the default mask takes away
        return random.nextInt(6) == 0 ? address | (1L + random.nextInt(0xf)) << 28 + random.nextInt(33) : address;
    }

    static long pick(Random random, long... values) {
        return values[random.nextInt(values.length)];
    }
}
