package org.cardcage.benchmarks;

import java.util.concurrent.TimeUnit;
import org.cardcage.edu.device.EduDevice;
import org.cardcage.pci.PciDevice;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Configuration cycles, as a driver makes them. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class ConfigurationSpace {

    private static final int VENDOR_AND_DEVICE = 0x00;

    private Rig rig;
    private PciDevice device;

    @Setup
    public void load() {
        rig = new Rig(new EduDevice(), new EduDevice());
        device = rig.pci.device(Rig.slot(0)).orElseThrow();
    }

    @TearDown
    public void unload() {
        rig.close();
    }

    @Benchmark
    public int readDword() {
        return device.readConfig(VENDOR_AND_DEVICE, 4);
    }
}
