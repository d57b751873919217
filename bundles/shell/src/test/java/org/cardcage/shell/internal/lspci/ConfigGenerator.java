package org.cardcage.shell.internal.lspci;

import java.util.Arrays;
import java.util.Random;
import org.cardcage.shell.internal.lspci.function.CapabilityList;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;

/** Makes a configuration space: a header of some type with capability lists, chance for what is in them. */
final class ConfigGenerator {

    private static final int[] LENGTHS = {64, 128, 256, 256, 256, 4096, 4096, 4096, 4096, 4096, 4096, 4096};
    private static final int[] ODD_LENGTHS = {
        0, 4, 16, 40, 48, 60, 72, 80, 112, 200, 264, 272, 288, 304, 320, 352, 400, 512, 640, 1024
    };
    private static final int[] CLASSES = {
        0x0000, 0x0101, 0x0106, 0x0108, 0x0200, 0x0300, 0x0403, 0x0502, 0x0600, 0x0601, 0x0604, 0x0680, 0x0880, 0x0c03,
        0x0c05, 0x1300, 0xff00, 0xffff
    };
    private static final int[] BRIDGE_CLASSES = {0x0604, 0x0604, 0x0604, 0x0609, 0x0600, 0x060b, 0x0200};
    private static final int[] CARDBUS_CLASSES = {0x0607, 0x0607, 0x0604, 0x0300};
    /** Vendors and devices that the names of the tests know, wholly or in part. */
    private static final int[] IDS = {
        0x80861237,
        0x80862922,
        0x808610d3,
        0x80867010,
        0x80860001,
        0x1b36000c,
        0x1b360001,
        0x1af41000,
        0x1af41041,
        0x1af4107f,
        0x1af41080,
        0x123411e8,
        0xff010001,
        0xff010002,
        0xff020001,
        0xff020002
    };

    private final Random random;
    private final CapabilityGenerator capabilities;

    ConfigGenerator(Random random) {
        this.random = random;
        this.capabilities = new CapabilityGenerator(random);
    }

    /** Where in the machine the function sits. */
    record Place(int bus, int secondary, int subordinate, int headerType) {}

    /** A configuration space for that place, perhaps not all of it. */
    byte[] config(Place place) {
        byte[] c = new byte[4096];
        RandomBytes.fill(random, c, 0, c.length);
        header(c, place);
        if (random.nextInt(3) != 0) {
            c[0x06] |= 0x10;
        }
        int length = random.nextInt(6) == 0
                ? ODD_LENGTHS[random.nextInt(ODD_LENGTHS.length)]
                : LENGTHS[random.nextInt(LENGTHS.length)];
        capabilities.plain(c, CapabilityList.pointer(place.headerType()));
        capabilities.extended(c);
        byte[] visible = Arrays.copyOf(c, length);
        capabilities.spare(visible, new ConfigBytes(visible));
        return visible;
    }

    private void header(byte[] c, Place place) {
        int type = place.headerType();
        c[0x0e] = (byte) (type | (random.nextBoolean() ? 0x80 : 0));
        if (random.nextInt(4) != 0) {
            int id = IDS[random.nextInt(IDS.length)];
            set16(c, 0x00, id >>> 16);
            set16(c, 0x02, id);
        }
        int[] classes = type == 1 ? BRIDGE_CLASSES : type == 2 ? CARDBUS_CLASSES : CLASSES;
        set16(c, 0x0a, random.nextInt(16) == 0 ? random.nextInt(0x10000) : classes[random.nextInt(classes.length)]);
        c[0x09] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(3));
        c[0x0d] = (byte) random.nextInt(256);
        if (random.nextBoolean()) {
            c[0x0f] = 0;
        }
        if (type == 1 || type == 2) {
            c[0x18] = (byte) place.bus();
            c[0x19] = (byte) place.secondary();
            c[0x1a] = (byte) place.subordinate();
        }
        if (type == 1) {
            windows(c);
        }
        subsystem(c, type == 2 ? 0x40 : 0x2c);
        bars(c, type == 0 ? 6 : 2);
        rom(c, type == 0 ? 0x30 : 0x38);
    }

    private void subsystem(byte[] c, int at) {
        if (at != 0x2c || (c[0x0e] & 0x7f) == 0) {
            switch (random.nextInt(4)) {
                case 0 -> Arrays.fill(c, at, at + 4, (byte) (random.nextBoolean() ? 0xff : 0));
                case 1 -> System.arraycopy(c, 0, c, at, 4);
                case 2 -> {
                    set16(c, at, random.nextBoolean() ? 0x1af4 : 0xff01);
                    set16(c, at + 2, 0x1100);
                }
                default -> c[at + 1] = (byte) random.nextInt(256);
            }
        }
    }

    private void bars(byte[] c, int count) {
        for (int i = 0; i < count; i++) {
            int at = 0x10 + 4 * i;
            switch (random.nextInt(6)) {
                case 0 -> Arrays.fill(c, at, at + 4, (byte) 0);
                case 1 -> Arrays.fill(c, at, at + 4, (byte) 0xff);
                case 2 -> c[at] = (byte) (random.nextInt(16) << 4 | 4 | (random.nextBoolean() ? 8 : 0));
                case 3 -> set16(c, at, random.nextInt(16));
                default -> c[at] = (byte) (c[at] & 0xf0 | random.nextInt(16));
            }
        }
    }

    private void rom(byte[] c, int at) {
        switch (random.nextInt(4)) {
            case 0 -> Arrays.fill(c, at, at + 4, (byte) 0);
            case 1 -> set16(c, at, random.nextInt(2));
            case 2 -> Arrays.fill(c, at, at + 4, (byte) 0xff);
            default -> c[at] = (byte) random.nextInt(2);
        }
    }

    /** Makes the types of base and limit agree, mostly. */
    private void windows(byte[] c) {
        if (random.nextInt(5) == 0) {
            return;
        }
        c[0x1c] = (byte) (c[0x1c] & 0xf1);
        c[0x1d] = (byte) (c[0x1d] & 0xf0 | c[0x1c] & 0x0f);
        c[0x20] &= 0xf0;
        c[0x22] &= 0xf0;
        c[0x24] &= 0xf1;
        c[0x26] = (byte) (c[0x26] & 0xf0 | c[0x24] & 0x0f);
        if (random.nextBoolean()) {
            // open windows, as a real machine has them
            c[0x1d] = (byte) (c[0x1d] | 0xf0);
            c[0x23] = (byte) 0xff;
            c[0x27] = (byte) 0xff;
            System.arraycopy(c, 0x28, c, 0x2c, 4);
            System.arraycopy(c, 0x30, c, 0x32, 2);
        } else if (random.nextInt(3) == 0) {
            Arrays.fill(c, 0x1c, 0x1e, (byte) 0);
            Arrays.fill(c, 0x20, 0x34, (byte) 0);
        }
    }

    static void set16(byte[] c, int offset, int value) {
        c[offset] = (byte) value;
        c[offset + 1] = (byte) (value >> 8);
    }
}
