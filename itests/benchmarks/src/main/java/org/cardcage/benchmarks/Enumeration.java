package org.cardcage.benchmarks;

import java.util.concurrent.TimeUnit;
import org.cardcage.board.Board;
import org.cardcage.firmware.Firmware;
import org.cardcage.machine.SteppedScheduler;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Firmware on boards of many functions: numbering buses, sizing BARs, giving out addresses. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class Enumeration {

    @Param({"1", "100", "500", "1000", "10000"})
    int size;

    private Board board;
    private Firmware firmware;

    @Setup
    public void build() {
        board = Crowd.board(new SteppedScheduler(), size);
        firmware = new Firmware(board, message -> {
            throw new IllegalStateException(message);
        });
    }

    @TearDown
    public void scrap() {
        board.close();
    }

    @Benchmark
    public void assign() {
        firmware.run();
    }
}
