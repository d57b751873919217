package org.cardcage.itests.puppet;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.irq.IrqReturn;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.pci.PciDevice;
import org.cardcage.vfs.FileOperations;
import org.cardcage.vfs.IoCall;
import org.cardcage.vfs.OpenFile;

/** {@code /dev/puppetN}; none of the commands has a record. */
final class PuppetNode implements FileOperations {

    private static final int RAISE = 0x7401;
    private static final int START_TIMER = 0x7402;
    private static final int SLEEP = 0x7403;

    private static final int IRQ_STATUS = 0x24;
    private static final int IRQ_RAISE = 0x60;
    private static final int IRQ_ACKNOWLEDGE = 0x64;

    private final IoMemory registers;
    private final Scheduler time;
    private final WaitQueue never;
    private final Consumer<String> strings;

    PuppetNode(PciDevice dev, Consumer<String> strings) {
        this.strings = strings;
        time = dev.kernel().scheduler();
        registers = dev.iomap(0, "puppet");
        never = new WaitQueue(dev.kernel(), "what never comes");
    }

    IrqReturn interrupt() {
        int pending = registers.read32(IRQ_STATUS);
        if (pending == 0 || pending == -1) {
            return IrqReturn.NONE;
        }
        registers.write32(IRQ_ACKNOWLEDGE, pending);
        strings.accept("irq");
        return IrqReturn.HANDLED;
    }

    @Override
    public void open(OpenFile file) {
        strings.accept("open");
    }

    @Override
    public void release(OpenFile file) {
        strings.accept("release");
    }

    @Override
    public int read(IoCall call, ByteBuffer to) {
        strings.accept("read");
        return 0;
    }

    @Override
    public int write(IoCall call, ByteBuffer from) {
        strings.accept("write");
        return from.remaining();
    }

    @Override
    public int ioctl(IoCall call, int command, ByteBuffer in, ByteBuffer out) {
        switch (command) {
            case RAISE -> registers.write32(IRQ_RAISE, 1);
            case START_TIMER -> time.schedule(time.nanoTime(), () -> strings.accept("timer"));
            case SLEEP -> {
                strings.accept("ioctl");
                never.await(call.cancel(), () -> false);
            }
            default -> strings.accept("ioctl");
        }
        return 0;
    }
}
