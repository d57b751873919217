package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.board.Board;
import org.cardcage.board.Bridge;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.irq.IrqReturn;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.pci.IrqVectors;
import org.cardcage.pci.PciDevice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pins of cards behind bridges, from the card to the handler: each bridge turns them by the device number. */
class SwizzledInterruptTest {

    private static final int INTERRUPT_LINE = 0x3c;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final Board board = Board.pc(scheduler);
    private final PciCore pci = new PciCore(kernel);
    private final List<String> served = new ArrayList<>();
    private IoMemory register;
    private int number;

    @ParameterizedTest
    @CsvSource({
        "00:05.0/00.0, 10",
        "00:05.0/01.0, 10",
        "00:05.0/02.0, 11",
        "00:05.0/03.0, 11",
        "00:05.0/04.0, 10",
        "00:05.0/06.0/01.0, 11",
        "00:05.0/06.0/02.0, 10",
        "00:1c.0/00.0, 11"
    })
    void aCardBehindBridgesInterruptsOnTheLineThatTheWiresLeadTo(String path, int line) {
        board.plug("00:05.0", Bridge.pci());
        board.plug("00:05.0/06.0", Bridge.pci());
        board.plug("00:1c.0", Bridge.rootPort(1));
        board.plug(path, TestCard.withLineOnly());
        board.powerOn();
        pci.addMachine(board);
        settle();
        pci.register(TestPciDriver.forTestCard((dev, id) -> probe(dev)), new KernelModule("testdrv"));
        settle();

        register.write32(0, 0xff);
        settle();

        assertThat(served).hasSize(1);
        assertThat(number).isEqualTo(line);
        assertThat(board.readConfig(board.address(path).orElseThrow(), INTERRUPT_LINE, 1))
                .isEqualTo(line);
        assertThat(kernel.interrupts().describe()).contains(String.format("%3d:          1", line));
    }

    private void probe(PciDevice dev) {
        dev.enable();
        register = dev.iomap(0, dev.name());
        IrqVectors vectors = dev.allocateVectors(1, 1, PciDevice.INTX);
        number = vectors.interrupts().get(0).number();
        dev.requestIrq(vectors, () -> serve(dev), "drv");
    }

    private IrqReturn serve(PciDevice dev) {
        if (register.read32(0) != 0xff) {
            return IrqReturn.NONE;
        }
        register.write32(0, 0);
        served.add(dev.name());
        return IrqReturn.HANDLED;
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }
}
