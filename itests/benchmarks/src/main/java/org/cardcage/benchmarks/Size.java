package org.cardcage.benchmarks;

import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** How thorough a run is. */
enum Size {
    /** Some minutes; enough for the ratios. */
    QUICK(3, 3, 300, 12, 60),
    /** Half an hour or so. */
    FULL(5, 5, 1000, 10, 500);

    private final int rounds;
    private final int warmUps;
    private final int warmUpMillis;
    private final int iterations;
    private final int millis;

    Size(int rounds, int warmUps, int warmUpMillis, int iterations, int millis) {
        this.rounds = rounds;
        this.warmUps = warmUps;
        this.warmUpMillis = warmUpMillis;
        this.iterations = iterations;
        this.millis = millis;
    }

    /** How often each case gets a JVM of its own. */
    int rounds() {
        return rounds;
    }

    /** Leaves alone what says itself how often it is measured: what is longer than an iteration, or warms up slowly. */
    ChainedOptionsBuilder applyTo(ChainedOptionsBuilder options, Case one) {
        options.forks(1);
        return one.type().isAnnotationPresent(Measurement.class)
                ? options
                : options.warmupIterations(warmUps)
                        .warmupTime(TimeValue.milliseconds(warmUpMillis))
                        .measurementIterations(iterations)
                        .measurementTime(TimeValue.milliseconds(millis));
    }
}
