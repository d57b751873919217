package org.cardcage.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cardcage.edu.device.EduDevice;
import org.cardcage.edu.device.EduOptions;
import org.cardcage.kernel.dma.DmaBuffer;
import org.cardcage.machine.IoMemory;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 4095 bytes of a user to the EDU card without its delay, the end polled, beside the two copies that it takes. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class EduTransfer {

    private static final int COUNT = 4095;

    private static final int DMA_SRC = 0x80;
    private static final int DMA_DST = 0x88;
    private static final int DMA_COUNT = 0x90;
    private static final int DMA_CMD = 0x98;
    private static final int RUN = 1;
    private static final long CARD_BUFFER = 0x4_0000;
    private static final int ADDRESS_BITS = 28;

    private final ByteBuffer user = ByteBuffer.allocateDirect(COUNT);
    private final ByteBuffer kernel = ByteBuffer.allocateDirect(COUNT);
    private final ByteBuffer card = ByteBuffer.allocateDirect(COUNT);
    private Rig rig;
    private IoMemory registers;
    private DmaBuffer buffer;

    @Setup
    public void load() {
        rig = new Rig(new EduDevice(EduOptions.DEFAULT.withDmaDelay(0)));
        rig.load(new DmaDriver());
    }

    @TearDown
    public void unload() {
        rig.close();
    }

    private final class DmaDriver implements PciDriver {
        @Override
        public List<PciDeviceId> idTable() {
            return List.of(PciDeviceId.of(0x1234, 0x11e8));
        }

        @Override
        public void probe(PciDevice dev, PciDeviceId id) {
            dev.enable();
            dev.setMaster();
            dev.dma().setMask(ADDRESS_BITS);
            registers = dev.iomap(0, "benchmark");
            buffer = dev.dma().allocate(COUNT);
        }

        @Override
        public void remove(PciDevice dev) {
            // the core takes everything back
        }
    }

    @Benchmark
    public void toCard() {
        buffer.copyIn(0, user.clear());
        registers.write64(DMA_SRC, buffer.deviceAddress());
        registers.write64(DMA_DST, CARD_BUFFER);
        registers.write64(DMA_COUNT, COUNT);
        registers.write64(DMA_CMD, RUN);
        while ((registers.read64(DMA_CMD) & RUN) != 0) {
            Thread.onSpinWait();
        }
    }

    @Benchmark
    public ByteBuffer twoCopies() {
        kernel.put(0, user, 0, COUNT);
        return card.put(0, kernel, 0, COUNT);
    }
}
