package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cardcage.board.Board;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.irq.IrqReturn;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.pci.PciDevice;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bind and unbind by hand, and what comes to a slot that its driver has not left. */
class PciBindTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final Board board = Board.pc(scheduler);
    private final PciCore pci = new PciCore(kernel);
    private final KernelModule module = new KernelModule("testdrv");
    private TestPciDriver driver = TestPciDriver.forTestCard((dev, id) -> dev.enable());
    private PciDevice dev;

    @BeforeEach
    void start() {
        board.plug(SLOT, TestCard.withMsi());
        board.powerOn();
        pci.addMachine(board);
        settle();
        dev = pci.device(SLOT).orElseThrow();
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    private void register(TestPciDriver.Probe probe) {
        driver = TestPciDriver.forTestCard(probe);
        pci.register(driver, module);
        settle();
    }

    private void bind(PciDevice device) {
        pci.bind(device, "testdrv", new CancelToken());
    }

    private static void assertErrno(Errno errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @Test
    void unbindLeavesTheDeviceWithoutDriverUntilItIsBoundAgain() {
        register((d, id) -> d.enable());
        pci.unbind(dev, "testdrv");
        settle();
        assertThat(dev.driver()).isEmpty();
        assertThat(dev.resources().held()).isEmpty();
        bind(dev);
        assertThat(dev.driver()).isPresent();
        assertThat(driver.calls).containsExactly("probe 0000:00:04.0", "remove 0000:00:04.0", "probe 0000:00:04.0");
    }

    @Test
    void aDriverThatArrivesAfterUnbindTakesTheDevice() {
        register((d, id) -> d.enable());
        pci.unbind(dev, "testdrv");
        TestPciDriver first = driver;
        driver = TestPciDriver.forTestCard((d, id) -> d.enable()).named("latecomer");
        pci.register(driver, module);
        settle();
        assertThat(driver.calls).containsExactly("probe 0000:00:04.0");
        assertThat(first.calls).endsWith("remove 0000:00:04.0");
    }

    @Test
    void errorsAreThoseOfLinux() {
        register((d, id) -> d.enable());
        PciDevice hostBridge = pci.devices().get(0);
        assertErrno(Errno.EBUSY, () -> bind(dev));
        assertErrno(Errno.ENODEV, () -> bind(hostBridge));
        assertErrno(Errno.ENODEV, () -> pci.unbind(hostBridge, "testdrv"));
        assertErrno(Errno.ENODEV, () -> pci.unbind(dev, "other"));
        pci.unbind(dev, "testdrv");
        assertErrno(Errno.ENODEV, () -> pci.unbind(dev, "testdrv"));
        board.unplug(SLOT);
        settle();
        assertErrno(Errno.ENODEV, () -> bind(dev));
    }

    @Test
    void bindGivesTheErrnoOfTheProbe() {
        List<Errno> fails = new ArrayList<>(List.of(Errno.ENODEV, Errno.ENOMEM, Errno.EAGAIN, Errno.ENODEV));
        register((d, id) -> {
            throw new KernelException(fails.remove(0));
        });
        assertErrno(Errno.ENOMEM, () -> bind(dev));
        assertErrno(Errno.EAGAIN, () -> bind(dev));
        assertErrno(Errno.ENODEV, () -> bind(dev));
        assertThat(fails).isEmpty();
    }

    @Test
    void whoIsInsideProbeOrHandlerIsToldThatHeWouldWaitForHimself() {
        List<Errno> told = new ArrayList<>();
        IoMemory[] registers = new IoMemory[1];
        Runnable unbind = () -> {
            try {
                pci.unbind(dev, "testdrv");
            } catch (KernelException e) {
                told.add(e.errno());
            }
        };
        register((d, id) -> {
            d.enable();
            d.setMaster();
            registers[0] = d.iomap(0, "test");
            d.requestIrq(
                    d.allocateVectors(1, 1, PciDevice.MSI),
                    () -> {
                        unbind.run();
                        return IrqReturn.HANDLED;
                    },
                    "testdrv");
            unbind.run();
        });
        assertThat(told).containsExactly(Errno.EDEADLK);
        registers[0].write32(0, 0xff);
        settle();
        assertThat(told).containsExactly(Errno.EDEADLK, Errno.EDEADLK);
        assertThat(dev.driver()).isPresent();
    }

    @Test
    void aCardThatComesToASlotWaitsUntilTheDriverHasLeftTheOneBefore() {
        register((d, id) -> d.enable());
        driver.onRemove = d -> {
            board.plug(SLOT, TestCard.withMsi());
            scheduler.park("the driver's own pause", scheduler.nanoTime() + 1_000_000);
            assertThat(pci.device(SLOT)).isEmpty();
            d.writeConfig(0x04, 2, 0x4);
            assertThat(d.readConfig(0, 4)).isEqualTo(-1);
        };
        board.unplug(SLOT);
        settle();
        assertThat(module.isTainted()).isFalse();
        assertThat(driver.calls).containsExactly("probe 0000:00:04.0", "remove 0000:00:04.0", "probe 0000:00:04.0");
        assertThat(pci.device(SLOT).orElseThrow().readConfig(0x04, 2) & 0x4).isZero();
    }

    @Test
    void theAttentionButtonTakesTheCardOutOfUseBeforeItIsPulled() {
        boolean[] usable = new boolean[1];
        register((d, id) -> d.enable());
        driver.onRemove = d -> usable[0] = d.readConfig(0, 2) == TestCard.VENDOR;
        board.requestEject(SLOT);
        settle();
        assertThat(usable[0]).isTrue();
        assertThat(pci.device(SLOT)).isEmpty();
        assertThat(driver.calls).containsExactly("probe 0000:00:04.0", "remove 0000:00:04.0");
        board.unplug(SLOT);
        board.plug(SLOT, TestCard.withMsi());
        settle();
        assertThat(driver.calls).endsWith("probe 0000:00:04.0");
    }
}
