package org.cardcage.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cardcage.kernel.dma.DmaBuffer;
import org.cardcage.machine.IoMemory;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.cardcage.test.device.TestDevice;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One MiB between RAM and the memory of the test card, by the card itself, beside a copy of as many bytes. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class BurstDma {

    private static final int COUNT = 1 << 20;

    private static final int DMA_ADDRESS = 0x20;
    private static final int DMA_COUNT = 0x30;
    private static final int DMA_CONTROL = 0x38;
    private static final int DMA_STATUS = 0x3c;
    private static final int RUN = 1;
    private static final int TO_BUS = 2;

    private final ByteBuffer source = ByteBuffer.allocateDirect(COUNT);
    private final ByteBuffer target = ByteBuffer.allocateDirect(COUNT);
    private Rig rig;
    private IoMemory registers;
    private DmaBuffer ram;

    @Setup
    public void load() {
        rig = new Rig(new TestDevice());
        rig.load(new BurstDriver());
        for (int i = 0; i < COUNT; i++) {
            source.put(i, (byte) i);
        }
        // memory that nobody has written to is not there, on either side
        ram.copyIn(0, source.duplicate());
        target.put(0, source, 0, COUNT);
    }

    @TearDown
    public void unload() {
        rig.close();
    }

    private final class BurstDriver implements PciDriver {
        @Override
        public List<PciDeviceId> idTable() {
            return List.of(PciDeviceId.of(TestDevice.VENDOR_ID, TestDevice.DEVICE_ID));
        }

        @Override
        public void probe(PciDevice dev, PciDeviceId id) {
            dev.enable();
            dev.setMaster();
            registers = dev.iomap(TestDevice.REGISTERS, "benchmark");
            ram = dev.dma().allocate(COUNT);
            registers.write64(DMA_ADDRESS, ram.deviceAddress());
            registers.write64(DMA_COUNT, COUNT);
        }

        @Override
        public void remove(PciDevice dev) {
            // the core takes everything back
        }
    }

    @Benchmark
    public int fromBus() {
        registers.write32(DMA_CONTROL, RUN);
        return done();
    }

    @Benchmark
    public int toBus() {
        registers.write32(DMA_CONTROL, RUN | TO_BUS);
        return done();
    }

    private int done() {
        int status = registers.read32(DMA_STATUS);
        if (status != 0) {
            throw new IllegalStateException("DMA status " + status);
        }
        return status;
    }

    @Benchmark
    public ByteBuffer copy() {
        return target.put(0, source, 0, COUNT);
    }
}
