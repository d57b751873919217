package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cardcage.board.Board;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.dma.DmaBuffer;
import org.cardcage.kernel.irq.IrqReturn;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PowerState;
import org.junit.jupiter.api.Test;

/** What a driver that does not leave can still do to the card: nothing. */
class PciCutOffTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    private static final long TWENTY_SECONDS = 20_000_000_000L;
    private static final int ANSWERS_AND_MASTERS = PciRegisters.COMMAND_MEMORY | PciRegisters.COMMAND_MASTER;
    private static final int MSI_CONTROL = 0x52;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final Board board = Board.pc(scheduler);
    private final PciCore pci = new PciCore(kernel);
    private final List<String> interrupts = new ArrayList<>();
    private IoMemory registers;
    private DmaBuffer buffer;

    private PciBus.Registration bind(TestCard card, TestPciDriver driver) {
        board.plug(SLOT, card);
        board.powerOn();
        pci.addMachine(board);
        PciBus.Registration registration = pci.register(driver, new KernelModule("testdrv"));
        scheduler.settle(Scheduler.NEVER);
        assertThat(device().driver()).isPresent();
        return registration;
    }

    private PciDevice device() {
        return pci.device(SLOT).orElseThrow();
    }

    private TestPciDriver driver() {
        return TestPciDriver.forTestCard((dev, id) -> {
            dev.enable();
            dev.setMaster();
            dev.saveState();
            registers = dev.iomap(0, "test");
            buffer = dev.dma().allocate(4096);
            dev.requestIrq(
                    dev.allocateVectors(1, 1, PciDevice.MSI_OR_INTX),
                    () -> {
                        interrupts.add("interrupt");
                        registers.write32(0, 0);
                        return IrqReturn.HANDLED;
                    },
                    "test");
        });
    }

    private void hang() {
        long end = scheduler.nanoTime() + TWENTY_SECONDS;
        while (scheduler.nanoTime() < end) {
            scheduler.park("the driver's own loop", end);
        }
    }

    private int config(int offset) {
        return board.readConfig(SLOT, offset, 2);
    }

    private static void assertGone(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV));
    }

    private void assertUseless(PciDevice dev) {
        int command = config(PciRegisters.COMMAND);
        assertThat(command & PciRegisters.COMMAND_MASTER).isZero();
        assertThat(command & PciRegisters.COMMAND_INTX_DISABLE).isNotZero();
        assertGone(() -> registers.read32(0));
        assertGone(() -> registers.write32(0, 0xff));
        assertGone(() -> buffer.get32(0));
        assertGone(buffer::deviceAddress);
        assertGone(dev::enable);
        assertGone(dev::setMaster);
        assertGone(() -> dev.writeConfig(PciRegisters.COMMAND, 2, ANSWERS_AND_MASTERS));
        assertGone(() -> dev.iomap(2, "again"));
        assertGone(() -> dev.iomap(0));
        assertGone(dev::mapRom);
        assertGone(() -> dev.requestRegions("again"));
        assertGone(dev::saveState);
        assertGone(dev::restoreState);
        assertGone(() -> dev.setPowerState(PowerState.D0));
        assertGone(dev::reset);
        assertGone(() -> dev.allocateVectors(1, 1, PciDevice.MSI_OR_INTX));
        assertGone(() -> dev.dma().allocate(4096));
        assertThat(config(PciRegisters.COMMAND)).isEqualTo(command);
    }

    private void assertUselessUntilItLeaves(TestCard card) {
        List<String> checked = new ArrayList<>();
        TestPciDriver driver = driver();
        driver.onRemove = dev -> {
            assertThat(config(PciRegisters.COMMAND) & ANSWERS_AND_MASTERS).isEqualTo(ANSWERS_AND_MASTERS);
            hang();
            assertUseless(dev);
            card.write(0, 0, 4, 0xff);
            scheduler.settle(Scheduler.NEVER);
            checked.add("in remove");
        };
        PciBus.Registration registration = bind(card, driver);
        card.write(0, 0, 4, 0xff);
        scheduler.settle(Scheduler.NEVER);
        assertThat(interrupts).hasSize(1);

        assertThat(registration.unregister()).isTrue();

        assertThat(checked).containsExactly("in remove");
        assertThat(interrupts).hasSize(1);
        assertThat(device().resources().held()).isEmpty();
        card.write(0, 0, 4, 0);
        pci.register(driver(), new KernelModule("next"));
        scheduler.settle(Scheduler.NEVER);
        registers.write32(0, 0xff);
        scheduler.settle(Scheduler.NEVER);
        assertThat(interrupts).hasSize(2);
    }

    @Test
    void aCardWithMessagesIsUselessToAHungDriverAndUsefulToTheNext() {
        assertUselessUntilItLeaves(TestCard.withMsi());
        assertThat(config(MSI_CONTROL) & 1).isOne();
    }

    @Test
    void aCardWithALineIsUselessToAHungDriverAndUsefulToTheNext() {
        assertUselessUntilItLeaves(TestCard.withLineOnly());
    }

    @Test
    void theMemoryOfAHungDriverIsNotGivenToOthersBeforeItHasLeft() throws Exception {
        List<Long> addresses = new ArrayList<>();
        TestPciDriver driver = driver();
        driver.onRemove = dev -> {
            hang();
            addresses.add(board.dma(SLOT).allocate(4096, -1L, 4096).deviceAddress());
        };
        PciBus.Registration registration = bind(TestCard.withMsi(), driver);
        long held = buffer.deviceAddress();

        registration.unregister();

        assertThat(addresses).hasSize(1).doesNotContain(held);
        assertThat(board.dma(SLOT).allocate(4096, -1L, 4096).deviceAddress()).isEqualTo(held);
    }

    @Test
    void configurationSpaceCanStillBeRead() {
        TestPciDriver driver = driver();
        List<Integer> read = new ArrayList<>();
        driver.onRemove = dev -> {
            hang();
            read.add(dev.readConfig(PciRegisters.VENDOR_ID, 2));
        };
        bind(TestCard.withMsi(), driver).unregister();
        assertThat(read).containsExactly(TestCard.VENDOR);
    }
}
