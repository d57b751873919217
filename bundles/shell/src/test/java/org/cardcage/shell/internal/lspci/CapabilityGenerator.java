package org.cardcage.shell.internal.lspci;

import static org.cardcage.shell.internal.lspci.ConfigGenerator.set16;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.cardcage.shell.internal.lspci.function.CapabilityList;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;

/**
 * Makes lists of capabilities: each has a known id, or sometimes one that nobody knows, and bytes of chance, which are pushed
 * towards what decides about the shape of the text: versions, types, lengths and counts. Some lists are damaged.
 */
final class CapabilityGenerator {

    private static final int PLAIN_IDS = 0x17;
    private static final int EXTENDED_IDS = 0x35;
    private static final int EXPRESS = 0x10;
    private static final int PCIX = 0x07;
    private static final int HYPER_TRANSPORT = 0x08;
    private static final int VENDOR = 0x09;
    private static final int ENHANCED_ALLOCATION = 0x14;
    private static final int DESIGNATED = 0x23;
    private static final int CXL = 0x1e98;
    private static final int CXL_DEVICE_LENGTH = 0x38;

    private final Random random;
    private final Set<Integer> plainOut = excluded("plain");
    private final Set<Integer> extendedOut = excluded("extended");

    CapabilityGenerator(Random random) {
        this.random = random;
    }

    /** Ids of the capabilities that are left out altogether. */
    private static Set<Integer> excluded(String list) {
        Set<Integer> ids = new HashSet<>();
        for (String line : Recordings.resource("oracle-excluded.txt").split("\n")) {
            String[] words = line.split(" ");
            if (words[0].equals(list) && words[2].equals("all")) {
                ids.add(Integer.parseInt(words[1], 16));
            }
        }
        return ids;
    }

    private int id(int count, int any, Set<Integer> out) {
        int id = random.nextInt(20) == 0 ? random.nextInt(any) : random.nextInt(count);
        return out.contains(id) ? 0 : id;
    }

    /** The list in the first 256 bytes. */
    void plain(byte[] c, int pointer) {
        int last = pointer;
        int count = random.nextInt(7);
        for (int i = 0; i < count; i++) {
            // near the end, too, where a capability is cut off
            int at = 0x40 + 4 * random.nextInt(48);
            c[last] = (byte) (at | (random.nextInt(10) == 0 ? random.nextInt(4) : 0));
            RandomBytes.fill(random, c, at, Math.min(at + 4 * (1 + random.nextInt(16)), 0x100));
            c[at] = (byte) (random.nextInt(4) == 0 ? EXPRESS : id(PLAIN_IDS, 0x100, plainOut));
            shape(c, at);
            last = at + 1;
        }
        if (random.nextInt(16) != 0) {
            c[last] = 0;
        }
    }

    private void shape(byte[] c, int at) {
        switch (c[at] & 0xff) {
            case EXPRESS -> {
                if (random.nextInt(4) != 0) {
                    c[at + 2] = (byte) (random.nextInt(12) << 4 | random.nextInt(4));
                }
            }
            case HYPER_TRANSPORT -> {
                if (random.nextBoolean()) {
                    c[at + 3] = (byte) (random.nextInt(32) << 3 | random.nextInt(8));
                } else {
                    c[at + 3] &= 0x3f;
                }
                for (int revision : new int[] {8, 12}) {
                    if (random.nextBoolean() && at + revision < 0x100) {
                        c[at + revision] = (byte)
                                (random.nextBoolean() ? 0x22 + random.nextInt(0x50) : 0x10 + random.nextInt(0x14));
                    }
                }
                if (at + 13 < 0x100 && random.nextBoolean()) {
                    c[at + 13] |= 1;
                }
            }
            case VENDOR -> {
                if (random.nextBoolean()) {
                    c[at + 2] = (byte) (8 + random.nextInt(24));
                    c[at + 3] = (byte) random.nextInt(7);
                }
            }
            case ENHANCED_ALLOCATION -> c[at + 2] = (byte) (random.nextInt(4) == 0 ? c[at + 2] : random.nextInt(5));
            default -> {
                return;
            }
        }
    }

    /** The list behind the first 256 bytes. */
    void extended(byte[] c) {
        int count = random.nextInt(10);
        int at = 0x100;
        for (int i = 0; i <= count; i++) {
            int next = i == count || at > 0xf00 ? last() : at + 0x10 + 4 * random.nextInt(0x40);
            next = random.nextInt(60) == 0 ? 0x1000 - 4 * (1 + random.nextInt(8)) : next;
            RandomBytes.fill(random, c, at, Math.min(Math.max(next, at + 4), c.length));
            int id = random.nextInt(8) == 0 ? DESIGNATED : id(EXTENDED_IDS, 0x10000, extendedOut);
            set16(c, at, id);
            set16(c, at + 2, next << 4 | random.nextInt(random.nextInt(3) == 0 ? 16 : 3));
            if (at + 12 < c.length) {
                shapeExtended(c, at, id);
            }
            if (next <= at || next >= c.length - 3) {
                return;
            }
            at = next;
        }
    }

    /** Where the list ends: mostly nowhere, else where it has begun or before that. */
    private int last() {
        return random.nextInt(16) == 0 ? 4 * random.nextInt(0x50) : 0;
    }

    private void shapeExtended(byte[] c, int at, int id) {
        switch (id) {
            case DESIGNATED -> designated(c, at);
            case 0x15, 0x24 -> c[at + 8] = (byte) (c[at + 8] & 0x1f | random.nextInt(8) << 5);
            // numbers of links and virtual channels
            case 0x05 -> c[at + 5] = (byte) random.nextInt(5);
            case 0x02, 0x09 -> c[at + 4] = (byte) (c[at + 4] & 0xf8 | random.nextInt(4));
            case 0x07 -> {
                if (random.nextBoolean()) {
                    set16(c, at + 9, random.nextBoolean() ? 0x00ff : random.nextInt(0x10000));
                }
                if (random.nextInt(3) == 0) {
                    set16(c, at + 4, 0);
                    set16(c, at + 6, 0);
                }
            }
            default -> {
                return;
            }
        }
    }

    /** A structure of CXL more often than chance has it. */
    private void designated(byte[] c, int at) {
        set16(c, at + 4, random.nextInt(5) == 0 ? random.nextInt(0x10000) : CXL);
        int id = random.nextInt(12);
        int least =
                switch (id) {
                    case 0 -> CXL_DEVICE_LENGTH;
                    case 2 -> 0x2c;
                    case 3 -> 0x28;
                    case 9 -> 0x10;
                    default -> 0x20;
                };
        int length = random.nextInt(12) == 0 && id != 2 ? random.nextInt(0x10) : least + random.nextInt(0x20);
        set16(c, at + 6, length << 4 | random.nextInt(4));
        set16(c, at + 8, id);
        if (at + 0x18 >= c.length) {
            return;
        }
        switch (id) {
            case 0 -> c[at + 0x16] = (byte) random.nextInt(4);
            // the scales of its times
            case 4, 5 -> {
                for (int scale = 0x0b; scale < 0x10; scale += 2) {
                    c[at + scale] = (byte) random.nextInt(10);
                }
            }
            case 9 -> set16(c, at + 0x0a, random.nextInt(20));
            default -> {
                return;
            }
        }
    }

    /** Mends what makes pciutils die, and is left out of the comparison. */
    void spare(byte[] c, ConfigBytes config) {
        boolean mended = true;
        for (int round = 0; mended && round < 20; round++) {
            mended = false;
            for (CapabilityList.Entry e : CapabilityList.plain(config)) {
                mended |= e.id() == ENHANCED_ALLOCATION && lengthenEntries(c, config, e.offset());
            }
        }
        if (CapabilityList.plain(config).stream().anyMatch(e -> e.id() == EXPRESS || e.id() == PCIX)) {
            for (CapabilityList.Entry e : CapabilityList.extended(config)) {
                if (e.id() == DESIGNATED && config.has(e.offset(), CXL_DEVICE_LENGTH)) {
                    nameRanges(c, config, e.offset());
                }
            }
        }
    }

    private static boolean lengthenEntries(byte[] c, ConfigBytes config, int capability) {
        boolean mended = false;
        int at = capability + (config.headerType() == 1 ? 8 : 4);
        for (int i = config.u8(capability + 2) & 0x3f; i > 0 && at + 4 <= c.length; i--) {
            int needed = 2 + (config.u8(at + 4) >> 1 & 1) + (config.u8(at + 8) >> 1 & 1);
            if ((c[at] & 7) < needed) {
                c[at] = (byte) (c[at] & ~7 | needed);
                mended = true;
            }
            at += 4 + 4 * (c[at] & 7);
        }
        return mended;
    }

    /** Behind its tables of names pciutils prints what lies there, or dies. */
    private void nameRanges(byte[] c, ConfigBytes config, int at) {
        if (config.u16(at + 4) == CXL && config.u16(at + 8) == 0) {
            for (int range = at + 0x1c; range < at + CXL_DEVICE_LENGTH; range += 0x10) {
                set16(
                        c,
                        range,
                        random.nextInt(8) << 13
                                | random.nextInt(8) << 8
                                | random.nextInt(3) << 5
                                | random.nextInt(3) << 2
                                | random.nextInt(4));
            }
        }
    }
}
