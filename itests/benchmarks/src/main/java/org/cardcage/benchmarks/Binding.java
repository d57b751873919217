package org.cardcage.benchmarks;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cardcage.edu.device.EduDevice;
import org.cardcage.edu.driver.EduDriver;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.module.ModuleParameters;
import org.cardcage.pci.PciDevice;
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

/** Taking a device from its driver and giving it back: probe and remove with all that they take and release. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 15, time = 60, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class Binding {

    private static final String DRIVER = "edu";

    private Rig rig;
    private PciDevice device;

    @Setup
    public void load() {
        rig = new Rig(new EduDevice());
        rig.load(new EduDriver(ModuleParameters.of(EduDriver.class, Map.of())));
        device = rig.pci.device(Rig.slot(0)).orElseThrow();
    }

    @TearDown
    public void unload() {
        rig.close();
    }

    @Benchmark
    public void unbindAndBind() {
        rig.pci.unbind(device, DRIVER);
        rig.pci.bind(device, DRIVER, new CancelToken());
    }
}
