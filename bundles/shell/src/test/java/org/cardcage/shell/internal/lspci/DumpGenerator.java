package org.cardcage.shell.internal.lspci;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.cardcage.shell.internal.lspci.function.CapabilityList;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;

/**
 * Makes dumps of machines that could not exist: valid headers and capability lists, chance for what is in them. The same seed
 * gives the same dump.
 */
final class DumpGenerator {

    private static final int[] LENGTHS = {64, 128, 256, 256, 256, 4096, 4096, 4096, 4096, 4096};
    private static final int[] CLASSES = {0x0000, 0x0101, 0x0106, 0x0200, 0x0300, 0x0600, 0x0604, 0x0c03, 0x1300, 0xffff
    };
    private static final int PLAIN_IDS = 0x17;
    private static final int EXTENDED_IDS = 0x31;

    private final Random random;
    private final Set<Integer> plainOut = excluded("plain");
    private final Set<Integer> extendedOut = excluded("extended");

    DumpGenerator(long seed) {
        random = new Random(seed);
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

    private int id(int count, Set<Integer> out) {
        int id = random.nextInt(count);
        return out.contains(id) ? 0 : id;
    }

    /** A whole dump. */
    String dump() {
        StringBuilder text = new StringBuilder();
        boolean domains = random.nextInt(4) == 0;
        int functions = 1 + random.nextInt(12);
        for (int i = 0; i < functions; i++) {
            function(text, domains);
        }
        return text.toString();
    }

    private void function(StringBuilder text, boolean domains) {
        if (domains) {
            text.append(String.format("%04x:", random.nextInt(3)));
        }
        int bus = random.nextInt(3) == 0 ? random.nextInt(0xf0) : random.nextInt(6);
        text.append(String.format("%02x:%02x.%d Random function\n", bus, random.nextInt(32), random.nextInt(8)));
        byte[] config = config(bus);
        for (int i = 0; i < config.length; i += 16) {
            text.append(String.format("%02x:", i));
            for (int j = i; j < i + 16; j++) {
                text.append(String.format(" %02x", config[j] & 0xff));
            }
            text.append('\n');
        }
        text.append('\n');
    }

    private byte[] config(int bus) {
        byte[] config = new byte[LENGTHS[random.nextInt(LENGTHS.length)]];
        int density = random.nextInt(4);
        for (int i = 0; i < config.length; i++) {
            config[i] = (byte) value(density);
        }
        header(config, bus);
        int express = plain(config);
        if (express != 0 && config.length > 256) {
            extended(config);
        }
        mendEnhancedAllocation(config);
        return config;
    }

    private int value(int density) {
        return switch (density) {
            case 0 -> random.nextInt(256);
            case 1 -> random.nextInt(4) == 0 ? random.nextInt(256) : 0;
            case 2 -> random.nextInt(3) == 0 ? 0xff : random.nextInt(256);
            default -> 1 << random.nextInt(8);
        };
    }

    private void header(byte[] c, int bus) {
        int type = random.nextInt(24) == 0 ? random.nextInt(128) : random.nextInt(7) / 2 % 3;
        c[0x0e] = (byte) (type | (random.nextBoolean() ? 0x80 : 0));
        if (random.nextInt(3) != 0) {
            c[0x06] |= 0x10;
        }
        if (random.nextInt(3) != 0) {
            set(c, 0x00, random.nextBoolean() ? 0x8086 : 0x1af4);
            set(c, 0x02, 0x1000 + random.nextInt(0x90));
        }
        int classCode = type == 1 || type == 2 ? 0x0604 : CLASSES[random.nextInt(CLASSES.length)];
        set(c, 0x0a, random.nextInt(8) == 0 ? random.nextInt(0x10000) : classCode);
        if (random.nextBoolean()) {
            c[0x09] = 0;
        }
        if (type == 1 || type == 2) {
            c[0x18] = (byte) bus;
            c[0x19] = (byte) (bus + 1 + random.nextInt(2));
            c[0x1a] = (byte) (c[0x19] + random.nextInt(3));
            windows(c);
        }
        if (random.nextInt(3) == 0) {
            int bars = type == 0 ? 6 : 2;
            set(c, 0x10 + 4 * random.nextInt(bars), 0);
            set(c, 0x10 + 4 * random.nextInt(bars) + 2, 0);
        }
        if (random.nextInt(5) == 0) {
            set(c, 0x14, 0xffff);
            set(c, 0x16, 0xffff);
        }
    }

    /** Makes the types of base and limit agree, mostly. */
    private void windows(byte[] c) {
        if (random.nextInt(4) != 0) {
            c[0x1d] = (byte) (c[0x1d] & 0xf0 | c[0x1c] & 0x0f);
        }
        if (random.nextInt(4) != 0) {
            c[0x1c] = (byte) (c[0x1c] & 0xf1);
            c[0x1d] = (byte) (c[0x1d] & 0xf0 | c[0x1c] & 0x0f);
            c[0x20] &= 0xf0;
            c[0x22] &= 0xf0;
            c[0x24] &= 0xf1;
            c[0x26] = (byte) (c[0x26] & 0xf0 | c[0x24] & 0x0f);
        }
    }

    /** Offset of the PCI Express or PCI-X capability, 0 if there is none. */
    private int plain(byte[] c) {
        int pointer = (c[0x0e] & 0x7f) == 2 ? 0x14 : 0x34;
        int count = random.nextInt(6);
        int last = pointer;
        int opensExtended = 0;
        for (int i = 0; i < count && c.length > 64; i++) {
            int at = 0x40 + 4 * random.nextInt(48);
            if (at + 4 > c.length) {
                continue;
            }
            c[last] = (byte) at;
            c[at] = (byte) (random.nextInt(3) == 0 ? 0x10 : id(PLAIN_IDS, plainOut));
            if (random.nextInt(60) == 0) {
                c[at] = (byte) 0xff;
            }
            opensExtended = c[at] == 0x10 || c[at] == 0x07 ? at : opensExtended;
            if (c[at] == 0x10 && random.nextInt(3) != 0) {
                c[at + 2] = (byte) (random.nextInt(12) << 4 | 1 + random.nextInt(2));
            }
            last = at + 1;
        }
        if (random.nextInt(20) != 0) {
            c[last] = 0;
        }
        return opensExtended;
    }

    private void extended(byte[] c) {
        int count = random.nextInt(8);
        int at = 0x100;
        for (int i = 0; i <= count; i++) {
            int next = i == count || at > 0xf00 ? 0 : at + 0x40 + 4 * random.nextInt(0x40);
            if (next == 0 && random.nextInt(20) == 0) {
                next = 0x100;
            }
            int id = id(EXTENDED_IDS, extendedOut);
            set(c, at, id);
            set(c, at + 2, next << 4 | 1 + random.nextInt(3));
            if (id == 0x23 && at + 12 < c.length) {
                designated(c, at);
            }
            if ((id == 0x15 || id == 0x24) && random.nextBoolean()) {
                c[at + 8] = (byte) (1 + random.nextInt(3) << 5);
            }
            if (next <= at) {
                return;
            }
            at = next;
        }
    }

    /** A vendor-specific structure of CXL more often than chance has it. */
    private void designated(byte[] c, int at) {
        set(c, at + 4, random.nextInt(4) == 0 ? random.nextInt(0x10000) : 0x1e98);
        int id = random.nextInt(11);
        int length = id == 0 ? 0x38 : id == 2 ? 0x2c : 0x20 + random.nextInt(0x20);
        set(c, at + 6, length << 4 | random.nextInt(3));
        set(c, at + 8, id);
        if (id == 0 && at + length < c.length) {
            // behind its tables pciutils prints what lies there, or dies
            for (int range = at + 0x1c; range < at + 0x38; range += 0x10) {
                set(
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

    /** An entry of Enhanced Allocation that is too short for its own flags makes pciutils die: lengthens it. */
    private static void mendEnhancedAllocation(byte[] c) {
        boolean mended = true;
        for (int round = 0; mended && round < 20; round++) {
            mended = false;
            for (CapabilityList.Entry e : CapabilityList.plain(new ConfigBytes(c))) {
                mended |= e.id() == 0x14 && mend(c, e.offset());
            }
        }
    }

    private static boolean mend(byte[] c, int capability) {
        ConfigBytes config = new ConfigBytes(c);
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

    private static void set(byte[] c, int offset, int value) {
        c[offset] = (byte) value;
        c[offset + 1] = (byte) (value >> 8);
    }
}
