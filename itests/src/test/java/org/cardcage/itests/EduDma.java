package org.cardcage.itests;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.dma.DmaBuffer;
import org.cardcage.kernel.irq.IrqReturn;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.IoMemory;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;

/** A driver for the part of the EDU card that the shipped one leaves out: transfers. */
final class EduDma implements PciDriver, AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;
    private static final int IRQ_STATUS = 0x24;
    private static final int IRQ_ACKNOWLEDGE = 0x64;
    private static final int SOURCE = 0x80;
    private static final int DESTINATION = 0x88;
    private static final int COUNT = 0x90;
    private static final int COMMAND = 0x98;
    private static final int TO_CARD = 5;
    private static final int FROM_CARD = 7;
    private static final int DONE = 0x100;
    private static final long CARD_BUFFER = 0x4_0000;

    private final AtomicInteger interrupts = new AtomicInteger();
    private final PciDevice wanted;
    private final PciBus.Registration registration;
    private volatile CountDownLatch done = new CountDownLatch(1);
    private IoMemory registers;
    private DmaBuffer buffer;

    /** Takes the card; returns when it has it. */
    EduDma(Rig rig, PciDevice card) {
        wanted = card;
        registration = rig.bus.register(this, new KernelModule("edu-dma"));
        Rig.await("the driver", () -> Rig.driver(card).equals(name()));
    }

    @Override
    public String name() {
        return "edu-dma";
    }

    @Override
    public List<PciDeviceId> idTable() {
        return List.of(PciDeviceId.of(0x1234, 0x11e8));
    }

    @Override
    public void probe(PciDevice dev, PciDeviceId id) {
        if (dev != wanted) {
            throw new KernelException(Errno.ENODEV, "the other card is wanted");
        }
        dev.enable();
        dev.setMaster();
        dev.dma().setMask(28);
        registers = dev.iomap(0, "edu-dma");
        buffer = dev.dma().allocate(4096);
        dev.requestIrq(dev.allocateVectors(1, 1, PciDevice.MSI_OR_INTX), this::interrupt, "edu-dma");
    }

    @Override
    public void remove(PciDevice dev) {
        buffer.close();
    }

    private IrqReturn interrupt() {
        int pending = registers.read32(IRQ_STATUS);
        if (pending != DONE) {
            return IrqReturn.NONE;
        }
        registers.write32(IRQ_ACKNOWLEDGE, pending);
        interrupts.incrementAndGet();
        done.countDown();
        return IrqReturn.HANDLED;
    }

    /** Copies to the card and, after the memory was cleared, back. */
    byte[] thereAndBack(byte[] bytes) throws InterruptedException {
        buffer.copyIn(0, ByteBuffer.wrap(bytes));
        transfer(buffer.deviceAddress(), CARD_BUFFER, bytes.length, TO_CARD);
        buffer.copyIn(0, ByteBuffer.allocate(bytes.length));
        transfer(CARD_BUFFER, buffer.deviceAddress(), bytes.length, FROM_CARD);
        ByteBuffer back = ByteBuffer.allocate(bytes.length);
        buffer.copyOut(0, back);
        return back.array();
    }

    private void transfer(long source, long destination, int count, int command) throws InterruptedException {
        done = new CountDownLatch(1);
        registers.write64(SOURCE, source);
        registers.write64(DESTINATION, destination);
        registers.write64(COUNT, count);
        registers.write64(COMMAND, command);
        if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError(String.format("no interrupt; command register 0x%x", registers.read64(COMMAND)));
        }
    }

    int interrupts() {
        return interrupts.get();
    }

    @Override
    public void close() {
        registration.unregister();
    }
}
