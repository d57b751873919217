package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cardcage.board.Board;
import org.cardcage.board.Bridge;
import org.cardcage.device.AdvancedFeaturesCapability;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.ExpressCapability;
import org.cardcage.device.MsixCapability;
import org.cardcage.device.PowerManagementCapability;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.irq.IrqReturn;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PowerState;
import org.junit.jupiter.api.Test;

/** Power states, sleep of the whole machine and resets, on a board. */
class PciPowerTest {

    private static final String SLOT = "00:04.0";
    private static final PowerManagementCapability WAKES =
            new PowerManagementCapability(PowerManagementCapability.ANYWHERE, true, false, 0x9, false);

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final Board board = Board.pc(scheduler);
    private final PciCore pci = new PciCore(kernel);
    private final KernelModule module = new KernelModule("testdrv");
    private TestPciDriver driver;
    private IoMemory registers;
    private int interrupts;

    private PciDevice start(String slot, DeviceModel card) {
        board.plug(slot, card);
        board.powerOn();
        pci.addMachine(board);
        settle();
        driver = TestPciDriver.forTestCard((dev, id) -> {
            dev.enable();
            dev.setMaster();
            registers = dev.iomap(0, "test");
            dev.requestIrq(
                    dev.allocateVectors(1, 1, PciDevice.ANY_KIND),
                    () -> {
                        interrupts++;
                        return IrqReturn.HANDLED;
                    },
                    "test");
        });
        pci.register(driver, module);
        settle();
        return pci.device(board.address(slot).orElseThrow()).orElseThrow();
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    private List<String> log() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    private static void assertErrno(Errno errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    private void assertWorks() {
        int before = interrupts;
        registers.write32(0, 0xff);
        settle();
        assertThat(interrupts).isEqualTo(before + 1);
    }

    @Test
    void aFunctionGoesIntoTheStatesThatItHasAndOnlyDeeper() {
        PciDevice dev = start(SLOT, TestCard.with(WAKES, MsixCapability.of(4, 1)));
        assertThat(dev.powerState()).isEqualTo(PowerState.D0);
        dev.setPowerState(PowerState.D1);
        assertErrno(Errno.EIO, () -> dev.setPowerState(PowerState.D2));
        dev.setPowerState(PowerState.D3HOT);
        assertThat(dev.powerState()).isEqualTo(PowerState.D3HOT);
        assertThat(registers.read32(0)).isEqualTo(-1);
        assertErrno(Errno.EINVAL, () -> dev.setPowerState(PowerState.D1));
        assertErrno(Errno.EINVAL, () -> dev.setPowerState(PowerState.D3COLD));
        dev.setPowerState(PowerState.D0);
        assertWorks();
        board.unplug(SLOT);
        settle();
        assertThat(dev.powerState()).isEqualTo(PowerState.D3COLD);
    }

    @Test
    void enablingADeviceThatWasLeftAsleepWakesIt() {
        List<PowerState> states = new ArrayList<>();
        List<Long> bases = new ArrayList<>();
        board.plug(SLOT, TestCard.with(PowerManagementCapability.basic()));
        board.powerOn();
        pci.addMachine(board);
        settle();
        PciDevice sleeper = pci.device(FunctionAddress.parse(SLOT)).orElseThrow();
        sleeper.setPowerState(PowerState.D3HOT);
        driver = TestPciDriver.forTestCard((dev, id) -> {
            dev.enable();
            states.add(dev.powerState());
            bases.add(dev.readConfig(0x10, 4) & 0xffff_fff0L);
        });
        pci.register(driver, module);
        settle();
        assertThat(states).containsExactly(PowerState.D0);
        assertThat(bases).containsExactly(sleeper.bars().get(0).start());
    }

    @Test
    void aFunctionWithoutPowerManagementIsAlwaysAtWork() {
        PciDevice dev = start(SLOT, TestCard.withMsi());
        assertThat(dev.powerState()).isEqualTo(PowerState.D0);
        assertErrno(Errno.EIO, () -> dev.setPowerState(PowerState.D3HOT));
        assertThat(dev.canWakeFrom(PowerState.D3HOT)).isFalse();
        assertThat(dev.resetMethods()).isEmpty();
        assertErrno(Errno.ENOTTY, dev::reset);
    }

    @Test
    void theStateOutlivesASleepThatLosesEverything() {
        PciDevice dev = start(SLOT, TestCard.with(PowerManagementCapability.basic(), MsixCapability.of(4, 1)));
        int command = dev.readConfig(4, 2);
        dev.saveState();
        dev.setPowerState(PowerState.D3HOT);
        dev.setPowerState(PowerState.D0);
        assertThat(dev.readConfig(4, 2)).isNotEqualTo(command);
        dev.restoreState();
        assertThat(dev.readConfig(4, 2)).isEqualTo(command);
        assertWorks();
        dev.writeConfig(4, 2, 0);
        dev.restoreState(); // a copy is used once
        assertThat(dev.readConfig(4, 2)).isZero();
    }

    @Test
    void aFunctionIsResetInTheBestWayThatItHasAndWorksOn() {
        ExpressCapability express =
                ExpressCapability.of(ExpressCapability.Port.ENDPOINT).withFunctionLevelReset();
        PciDevice dev = start(SLOT, TestCard.with(PowerManagementCapability.basic(), express, MsixCapability.of(4, 1)));
        assertThat(dev.resetMethods()).containsExactly("flr", "pm");
        int command = dev.readConfig(4, 2);
        registers.write32(0, 5);
        dev.reset();
        assertThat(registers.read32(0)).isZero();
        assertThat(dev.readConfig(4, 2)).isEqualTo(command);
        assertWorks();
    }

    @Test
    void aConventionalFunctionIsResetByItsAdvancedFeatures() {
        PciDevice dev = start(
                SLOT,
                TestCard.with(
                        new AdvancedFeaturesCapability(AdvancedFeaturesCapability.ANYWHERE), MsixCapability.of(4, 1)));
        assertThat(dev.resetMethods()).containsExactly("af_flr");
        registers.write32(0, 5);
        dev.reset();
        assertThat(registers.read32(0)).isZero();
        assertWorks();
    }

    @Test
    void aCardAloneBehindABridgeIsResetByItsBus() {
        board.plug("00:1c.0", Bridge.rootPort(1));
        PciDevice dev = start("00:1c.0/00.0", TestCard.with(MsixCapability.of(4, 1)));
        assertThat(dev.resetMethods()).containsExactly("bus");
        registers.write32(0, 5);
        dev.reset();
        assertThat(registers.read32(0)).isZero();
        assertWorks();
    }

    @Test
    void theDriverIsToldOfAReset() {
        List<String> told = new ArrayList<>();
        driver = TestPciDriver.forTestCard((dev, id) -> dev.enable());
        driver.handlers = new TestErrorHandlers(told);
        board.plug(SLOT, TestCard.with(PowerManagementCapability.basic()));
        board.powerOn();
        pci.addMachine(board);
        pci.register(driver, module);
        settle();
        pci.device(FunctionAddress.parse(SLOT)).orElseThrow().reset();
        assertThat(told).containsExactly("resetPrepare", "resetDone");
    }

    @Test
    void aDriverMayResetItsDeviceInItsProbeAndOthersWaitForTheProbe() {
        List<String> order = new ArrayList<>();
        driver = TestPciDriver.forTestCard((dev, id) -> {
            dev.reset();
            order.add("reset by the driver");
            scheduler.schedule(scheduler.nanoTime(), () -> order.add("probe goes on"));
            scheduler.park("a while in the probe", scheduler.nanoTime() + 1_000_000);
            order.add("probe ends");
        });
        board.plug(SLOT, TestCard.with(PowerManagementCapability.basic()));
        board.powerOn();
        pci.addMachine(board);
        settle();
        pci.register(driver, module);
        pci.device(FunctionAddress.parse(SLOT)).orElseThrow().reset();
        order.add("reset by another");
        assertThat(order).containsExactly("reset by the driver", "probe goes on", "probe ends", "reset by another");
    }

    @Test
    void theMachineSleepsAndWakesAndTheCardWorksOn() {
        PciDevice dev = start(SLOT, TestCard.with(PowerManagementCapability.basic(), MsixCapability.of(4, 1)));
        pci.suspend(new CancelToken());
        assertThat(dev.powerState()).isEqualTo(PowerState.D3HOT);
        assertErrno(Errno.EBUSY, () -> pci.suspend(new CancelToken()));
        pci.resume(new CancelToken());
        pci.resume(new CancelToken());
        assertThat(dev.powerState()).isEqualTo(PowerState.D0);
        assertThat(driver.calls).endsWith("suspend 0000:00:04.0", "resume 0000:00:04.0");
        assertWorks();
    }

    @Test
    void whatIsBehindABridgeSleepsBeforeItAndIsWokenAfterIt() {
        board.plug("00:1c.0", Bridge.rootPort(1));
        board.plug(SLOT, TestCard.withMsi());
        start("00:1c.0/00.0", TestCard.withMsi());
        driver.calls.clear();
        pci.suspend(new CancelToken());
        pci.resume(new CancelToken());
        pci.shutdown(new CancelToken());
        assertThat(driver.calls)
                .containsExactly(
                        "suspend 0000:01:00.0",
                        "suspend 0000:00:04.0",
                        "resume 0000:00:04.0",
                        "resume 0000:01:00.0",
                        "shutdown 0000:01:00.0",
                        "shutdown 0000:00:04.0");
    }

    @Test
    void aDriverThatRefusesToSleepKeepsTheMachineAwake() {
        board.plug("00:05.0", TestCard.withMsi());
        PciDevice dev = start(SLOT, TestCard.with(WAKES, MsixCapability.of(4, 1)));
        driver.onSuspend = d -> {
            if (d.name().equals("0000:00:04.0")) {
                throw new KernelException(Errno.EBUSY, "a transfer is under way");
            }
        };
        assertErrno(Errno.EBUSY, () -> pci.suspend(new CancelToken()));
        assertThat(driver.calls).endsWith("suspend 0000:00:05.0", "suspend 0000:00:04.0", "resume 0000:00:05.0");
        assertThat(dev.powerState()).isEqualTo(PowerState.D0);
        driver.onSuspend = d -> {
            throw new IllegalStateException("broken");
        };
        assertErrno(Errno.EIO, () -> pci.suspend(new CancelToken()));
        assertThat(module.isTainted()).isTrue();
    }

    @Test
    void aCardThatComesDuringTheSleepGetsItsDriverAfterIt() {
        start(SLOT, TestCard.withMsi());
        pci.suspend(new CancelToken());
        board.plug("00:05.0", TestCard.withMsi());
        settle();
        assertThat(driver.calls).doesNotContain("probe 0000:00:05.0");
        assertErrno(
                Errno.EAGAIN,
                () -> pci.bind(
                        pci.device(FunctionAddress.parse("00:05.0")).orElseThrow(), "testdrv", new CancelToken()));
        pci.resume(new CancelToken());
        settle();
        assertThat(driver.calls).contains("probe 0000:00:05.0");
    }

    @Test
    void aCardThatIsPulledDuringTheSleepDoesNotKeepTheOthersAsleep() {
        board.plug("00:05.0", TestCard.withMsi());
        start(SLOT, TestCard.withMsi());
        pci.suspend(new CancelToken());
        board.unplug("00:05.0");
        settle();
        pci.resume(new CancelToken());
        assertThat(driver.calls).contains("resume 0000:00:04.0").doesNotContain("resume 0000:00:05.0");
    }

    @Test
    void aSleepingCardWakesTheMachine() {
        TestCard card = TestCard.with(WAKES, MsixCapability.of(4, 1));
        PciDevice dev = start(SLOT, card);
        driver.onSuspend = d -> d.enableWake(PowerState.D3HOT, true);
        assertThat(dev.canWakeFrom(PowerState.D3HOT)).isTrue();
        assertErrno(Errno.EINVAL, () -> dev.enableWake(PowerState.D1, true));
        pci.suspend(new CancelToken());
        card.wake();
        settle();
        assertThat(driver.calls).endsWith("resume 0000:00:04.0");
        assertThat(log()).contains("testdrv 0000:00:04.0: PME: wake-up requested");
        assertThat(dev.powerState()).isEqualTo(PowerState.D0);
    }

    @Test
    void aWakeUpWhileTheyFallAsleepKeepsAllAwake() {
        board.plug("00:05.0", TestCard.withMsi());
        PciDevice dev = start(SLOT, TestCard.with(WAKES, MsixCapability.of(4, 1)));
        driver.calls.clear();
        driver.onSuspend = d -> pci.resume(new CancelToken());
        assertErrno(Errno.EBUSY, () -> pci.suspend(new CancelToken()));
        assertThat(driver.calls).containsExactly("suspend 0000:00:05.0", "resume 0000:00:05.0");
        assertThat(dev.powerState()).isEqualTo(PowerState.D0);
        driver.onSuspend = d -> {};
        pci.suspend(new CancelToken());
        assertThat(dev.powerState()).isEqualTo(PowerState.D3HOT);
    }

    @Test
    void aSuspendThatIsGivenUpLeavesNobodyAsleep() {
        board.plug("00:05.0", TestCard.withMsi());
        PciDevice dev = start(SLOT, TestCard.with(WAKES, MsixCapability.of(4, 1)));
        CancelToken cancel = new CancelToken();
        driver.onSuspend = d -> cancel.cancel(Errno.ECANCELED);
        // the second one is asked, and not waited for any more
        assertErrno(Errno.ECANCELED, () -> pci.suspend(cancel));
        settle();
        assertThat(driver.calls).containsSubsequence("suspend 0000:00:04.0", "resume 0000:00:04.0");
        assertThat(dev.powerState()).isEqualTo(PowerState.D0);
    }

    @Test
    void whoeverDoesNotShutDownKeepsThatFromNobody() {
        board.plug("00:05.0", TestCard.withMsi());
        start(SLOT, TestCard.withMsi());
        driver.calls.clear();
        CancelToken over = new CancelToken();
        over.cancel(Errno.ETIMEDOUT); // as after a wait for one that hangs
        assertErrno(Errno.ETIMEDOUT, () -> pci.shutdown(over));
        settle();
        assertThat(driver.calls).containsExactlyInAnyOrder("shutdown 0000:00:05.0", "shutdown 0000:00:04.0");
    }
}
