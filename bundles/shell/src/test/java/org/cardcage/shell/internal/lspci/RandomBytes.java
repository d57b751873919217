package org.cardcage.shell.internal.lspci;

import java.util.Random;

/** Bytes of chance, of several kinds: registers that are full of ones, nearly empty, or hold small numbers. */
final class RandomBytes {

    private static final int KINDS = 7;

    private RandomBytes() {}

    /** Fills a part of an array with bytes of one kind. */
    static void fill(Random random, byte[] bytes, int from, int to) {
        int kind = random.nextInt(KINDS);
        for (int i = from; i < to; i++) {
            bytes[i] = (byte) value(random, kind);
        }
    }

    private static int value(Random random, int kind) {
        return switch (kind) {
            case 0, 1 -> random.nextInt(256);
            case 2 -> random.nextInt(4) == 0 ? random.nextInt(256) : 0;
            case 3 -> random.nextInt(3) == 0 ? 0xff : random.nextInt(256);
            case 4 -> 1 << random.nextInt(8);
            case 5 -> random.nextInt(3) == 0 ? random.nextInt(17) : 0;
            default -> random.nextInt(16) == 0 ? 1 << random.nextInt(8) : 0;
        };
    }
}
