package org.cardcage.itests.stubborn;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.dma.DmaBuffer;
import org.cardcage.kernel.irq.IrqReturn;
import org.cardcage.machine.IoMemory;
import org.cardcage.pci.PciDevice;
import org.cardcage.vfs.FileOperations;
import org.cardcage.vfs.IoCall;

/** The commands of {@code /dev/stubborn0}; none has a record. */
final class StubbornNode implements FileOperations {

    private static final int SLEEP = 0x7301;
    private static final int HANG = 0x7302;
    private static final int RAISE = 0x7303;
    private static final int START_DMA = 0x7304;
    private static final int COUNT_INTERRUPTS = 0x7305;

    /** Registers of the EDU card. */
    private static final int IRQ_STATUS = 0x24;

    private static final int IRQ_RAISE = 0x60;
    private static final int IRQ_ACKNOWLEDGE = 0x64;
    private static final int DMA_SOURCE = 0x80;
    private static final int DMA_DESTINATION = 0x88;
    private static final int DMA_COUNT = 0x90;
    private static final int DMA_COMMAND = 0x98;
    private static final int DMA_RUN = 1;
    private static final int DMA_TO_RAM = 2;
    private static final int CARD_BUFFER = 0x4_0000;
    private static final int SIZE = 4096;

    private final IoMemory registers;
    private final DmaBuffer buffer;
    private final WaitQueue never;
    private final Function<String, CountDownLatch> stage;
    private final AtomicInteger interrupts = new AtomicInteger();

    StubbornNode(PciDevice dev, Function<String, CountDownLatch> stage) {
        this.stage = stage;
        registers = dev.iomap(0, "stubborn");
        buffer = dev.dma().allocate(SIZE);
        never = new WaitQueue(dev.kernel(), "what never comes");
    }

    IrqReturn interrupt() {
        int pending = registers.read32(IRQ_STATUS);
        if (pending == 0 || pending == -1) {
            return IrqReturn.NONE;
        }
        registers.write32(IRQ_ACKNOWLEDGE, pending);
        interrupts.incrementAndGet();
        stage.apply("irq").countDown();
        await("irq go");
        return IrqReturn.HANDLED;
    }

    private void await(String name) {
        boolean interrupted = false;
        while (true) {
            try {
                stage.apply(name).await();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // it does not care
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int ioctl(IoCall call, int command, ByteBuffer in, ByteBuffer out) {
        switch (command) {
            case SLEEP -> sleep(call);
            case HANG -> hang();
            case RAISE -> registers.write32(IRQ_RAISE, 1);
            case START_DMA -> {
                return startDma();
            }
            case COUNT_INTERRUPTS -> {
                return interrupts.get();
            }
            default -> throw new KernelException(Errno.ENOTTY);
        }
        return 0;
    }

    /** The condition is looked at once before and once after the caller has become a sleeper; then the test is told. */
    private void sleep(IoCall call) {
        int[] looks = {0};
        never.await(call.cancel(), () -> {
            if (++looks[0] == 2) {
                stage.apply("ioctl").countDown();
            }
            return false;
        });
    }

    private void hang() {
        stage.apply("hung").countDown();
        await("hung go");
        stage.apply(LateClass.greeting()).countDown();
    }

    /** Whether the transfer runs. */
    private int startDma() {
        registers.write64(DMA_SOURCE, CARD_BUFFER);
        registers.write64(DMA_DESTINATION, buffer.deviceAddress());
        registers.write64(DMA_COUNT, SIZE);
        registers.write64(DMA_COMMAND, DMA_RUN | DMA_TO_RAM);
        return registers.read32(DMA_COMMAND) & DMA_RUN;
    }
}
