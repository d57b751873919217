package org.cardcage.benchmarks;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cardcage.edu.device.EduDevice;
import org.cardcage.edu.device.EduOptions;
import org.cardcage.edu.driver.EduDriver;
import org.cardcage.edu.uapi.CalcFact;
import org.cardcage.edu.uapi.EduIoctl;
import org.cardcage.kernel.module.ModuleParameters;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
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

/** The EDU card through its driver and the system calls, with the same steps as the timings of the peer. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 15, time = 60, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class EduSession {

    private static final String NODE = "/dev/edu0";

    private final ByteBuffer buffer = ByteBuffer.allocate(64);
    private final ByteBuffer request = CalcFact.of(5).toBuffer();
    private Rig rig;
    private OpenFile file;

    @Setup
    public void load() {
        rig = new Rig(new EduDevice(EduOptions.DEFAULT.withDmaDelay(0)));
        rig.load(new EduDriver(ModuleParameters.of(EduDriver.class, Map.of())));
        file = rig.open(NODE, OpenFlag.READ, OpenFlag.WRITE);
    }

    @TearDown
    public void unload() {
        file.close();
        rig.close();
    }

    /** The text of the identification; each read at position 0 makes it anew. */
    @Benchmark
    public int readIdentification() {
        return file.pread(buffer.clear(), 0);
    }

    @Benchmark
    public int openReadClose() {
        try (OpenFile once = rig.open(NODE, OpenFlag.READ)) {
            return once.read(buffer.clear());
        }
    }

    /** Write to the card, computation on another thread, interrupt, sleeper awake: three hand-offs. */
    int factorial() {
        return file.ioctl(EduIoctl.CALC_FACT, request.duplicate(), buffer.clear());
    }
}
