package org.cardcage.benchmarks;

import java.util.Arrays;

/**
 * Times of one kind within an iteration, for benchmarks that measure several kinds in turn: what is measured at the same
 * time has the same load, and can be compared. Not for use by several threads.
 */
final class Samples {

    private static final int MOST = 1 << 16;

    private final long[] nanos = new long[MOST];
    private int count;

    void clear() {
        count = 0;
    }

    /** Does something a number of times and takes the time of each; of very many the last ones count. */
    void take(int times, Runnable what) {
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            what.run();
            nanos[count++ % MOST] = System.nanoTime() - start;
        }
    }

    /** In nanoseconds; NaN if there is none. */
    double median() {
        int kept = Math.min(count, MOST);
        Arrays.sort(nanos, 0, kept);
        return kept == 0 ? Double.NaN : nanos[kept / 2];
    }
}
