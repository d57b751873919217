package org.cardcage.benchmarks;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cardcage.edu.driver.EduDriver;
import org.cardcage.edu.uapi.CalcFact;
import org.cardcage.edu.uapi.EduIoctl;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.dma.DmaBuffer;
import org.cardcage.kernel.module.ModuleParameters;
import org.cardcage.machine.IoMemory;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The same steps on two EDU cards, whatever machine they are in: one has the shipped driver, the other one for transfers. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public abstract class EduRoundTrips {

    /** Where the card for transfers sits. */
    static final int TRANSFER_CARD = 1;

    private static final int COUNT = 4096;
    private static final int ID = 0x00;
    private static final int DMA_SOURCE = 0x80;
    private static final int DMA_DESTINATION = 0x88;
    private static final int DMA_COUNT = 0x90;
    private static final int DMA_COMMAND = 0x98;
    private static final int RUN = 1;
    private static final int FROM_CARD = 2;
    private static final long CARD_BUFFER = 0x4_0000;
    private static final int ADDRESS_BITS = 28;

    private final ByteBuffer user = ByteBuffer.allocateDirect(COUNT);
    private final ByteBuffer answer = ByteBuffer.allocate(CalcFact.SIZE);
    private final ByteBuffer request = CalcFact.of(5).toBuffer();
    private Rig rig;
    private OpenFile file;
    private IoMemory registers;
    private DmaBuffer buffer;

    /** A machine with EDU cards in the places 0 and 1 of {@link Rig#slot}. */
    abstract Rig machine() throws Exception;

    /** Lets the time pass that a transfer takes on this machine. */
    abstract void transferTime();

    @Setup
    public void load() throws Exception {
        rig = machine();
        rig.load(new TransferDriver());
        rig.load(new EduDriver(ModuleParameters.of(EduDriver.class, Map.of())));
        file = rig.open("/dev/edu0", OpenFlag.READ, OpenFlag.WRITE);
    }

    @TearDown
    public void unload() {
        file.close();
        rig.close();
    }

    private final class TransferDriver implements PciDriver {
        @Override
        public List<PciDeviceId> idTable() {
            return List.of(PciDeviceId.of(0x1234, 0x11e8));
        }

        @Override
        public void probe(PciDevice dev, PciDeviceId id) {
            if (!dev.address().equals(Rig.slot(TRANSFER_CARD))) {
                throw new KernelException(Errno.ENODEV, "the shipped driver has this one");
            }
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
    public int readRegister() {
        return registers.read32(ID);
    }

    /** Write, computation on another thread, interrupt, sleeper awake, result. */
    @Benchmark
    public int factorial() {
        return file.ioctl(EduIoctl.CALC_FACT, request.duplicate(), answer.clear());
    }

    /** 4096 bytes to the card and back, the end polled. */
    @Benchmark
    public ByteBuffer transfer() {
        buffer.copyIn(0, user.clear());
        transfer(buffer.deviceAddress(), CARD_BUFFER, RUN);
        transfer(CARD_BUFFER, buffer.deviceAddress(), RUN | FROM_CARD);
        buffer.copyOut(0, user.clear());
        return user;
    }

    private void transfer(long source, long destination, int command) {
        registers.write64(DMA_SOURCE, source);
        registers.write64(DMA_DESTINATION, destination);
        registers.write64(DMA_COUNT, COUNT);
        registers.write64(DMA_COMMAND, command);
        transferTime();
        while ((registers.read64(DMA_COMMAND) & RUN) != 0) {
            Thread.onSpinWait();
        }
    }
}
