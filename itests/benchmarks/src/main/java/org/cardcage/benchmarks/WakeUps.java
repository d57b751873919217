package org.cardcage.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What wakes threads, in turn and each timed by itself: a bare hand-off there and back, an interrupt there and back, a
 * factorial of the EDU card. How long it takes to wake a thread changes tenfold from one second to the next, with the load and with how
 * deep the cores sleep; so only what is measured at the same time can be compared.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 20, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class WakeUps {

    private static final int IN_A_ROW = 50;

    /** The median of each kind in one iteration, in nanoseconds. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Times {
        private final Samples handOffs = new Samples();
        private final Samples interrupts = new Samples();
        private final Samples factorials = new Samples();

        @Setup(Level.Iteration)
        public void begin() {
            handOffs.clear();
            interrupts.clear();
            factorials.clear();
        }

        public double handOff() {
            return handOffs.median();
        }

        public double interrupt() {
            return interrupts.median();
        }

        public double factorial() {
            return factorials.median();
        }
    }

    @Benchmark
    public void inTurn(HandOff handOff, InterruptLatency interrupt, EduSession edu, Times times) {
        times.handOffs.take(IN_A_ROW, handOff::thereAndBack);
        times.interrupts.take(IN_A_ROW, interrupt::thereAndBack);
        times.factorials.take(IN_A_ROW, edu::factorial);
    }
}
