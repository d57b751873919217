package org.cardcage.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A process of its own for the whole system, from its start to its end; wants the property {@link #LAUNCHER}. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@State(Scope.Benchmark)
public class WholeSystem {

    /** Property that names the launcher's script. */
    static final String LAUNCHER = "cardcage.launcher";

    /** Loads in {@link #manyLoads} beyond the one of {@link #firstText}. */
    static final int LOADS = 50;

    private static final String READ = "insmod edu; cat /dev/edu0";

    private Path state;

    @Setup
    public void makeState() throws IOException {
        state = Files.createTempDirectory("cardcage-benchmark");
    }

    @TearDown
    public void deleteState() throws IOException {
        try (Stream<Path> files = Files.walk(state)) {
            files.sorted(Comparator.reverseOrder()).forEach(WholeSystem::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(String commands) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(System.getProperty(LAUNCHER), "--state", state.toString(), "-c", commands);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0 || !said.contains("0x010000ed")) {
            throw new IllegalStateException("status " + process.exitValue() + ", said: " + said);
        }
    }

    /** Start, the driver loaded, the identification printed, end. */
    @Benchmark
    public void firstText() throws IOException, InterruptedException {
        run(READ);
    }

    /** The same, and then the driver unloaded and loaded again many times. */
    @Benchmark
    public void manyLoads() throws IOException, InterruptedException {
        run(READ + "; rmmod edu; insmod edu".repeat(LOADS));
    }
}
