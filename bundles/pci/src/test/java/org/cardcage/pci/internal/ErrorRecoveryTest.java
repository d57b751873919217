package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.board.Board;
import org.cardcage.board.Bridge;
import org.cardcage.device.AerCapability;
import org.cardcage.device.ExpressCapability;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.ErrorSeverity;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciErrorHandlers.ChannelState;
import org.cardcage.pci.PciErrorHandlers.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens after an error of a card behind a root port. */
class ErrorRecoveryTest {

    private static final FunctionAddress CARD = FunctionAddress.parse("01:00.0");

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final Board board = Board.pc(scheduler);
    private final PciCore pci = new PciCore(kernel);
    private final List<String> told = new ArrayList<>();
    private final TestErrorHandlers handlers = new TestErrorHandlers(told);
    private final TestPciDriver driver = TestPciDriver.forTestCard((dev, id) -> {
        if (dev.address().equals(CARD)) {
            dev.enable();
            registers = dev.iomap(0, "test");
        } else {
            throw new KernelException(Errno.ENODEV);
        }
    });
    private final TestPciDriver siblings =
            TestPciDriver.forTestCard((dev, id) -> dev.enable()).named("siblings");
    private PciBus.Registration deaf;
    private IoMemory registers;

    @BeforeEach
    void start() {
        board.plug("00:1c.0", Bridge.rootPort(1));
        board.plug(
                "00:1c.0/00.0",
                TestCard.with(ExpressCapability.of(ExpressCapability.Port.ENDPOINT), new AerCapability()),
                TestCard.withMsi());
        board.powerOn();
        pci.addMachine(board);
        settle();
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    private void register() {
        driver.handlers = handlers;
        pci.register(driver, new KernelModule("testdrv"));
        settle();
        siblings.handlers = new TestErrorHandlers(new ArrayList<>());
        deaf = pci.register(siblings, new KernelModule("siblings"));
        settle();
    }

    private void fail(ErrorSeverity severity) {
        assertThat(board.injectError(CARD, severity)).contains(severity);
        settle();
    }

    private PciDevice card() {
        return pci.device(CARD).orElseThrow();
    }

    private List<String> log() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    @Test
    void anErrorThatTheDriverCanLiveWithNeedsNoReset() {
        register();
        registers.write32(0, 5);
        fail(ErrorSeverity.NON_FATAL);
        assertThat(told).containsExactly("errorDetected IO_NORMAL", "mmioEnabled", "resume");
        assertThat(registers.read32(0)).isEqualTo(5);
        assertThat(log())
                .containsSubsequence(
                        "testdrv 0000:01:00.0: AER: Uncorrected (Non-Fatal) error received",
                        "pci 0000:00:1c.0: AER: device recovery successful");
    }

    @Test
    void afterAFatalErrorTheBusIsResetAndTheConfigurationIsAsBefore() {
        register();
        registers.write32(0, 5);
        int command = card().readConfig(4, 2);
        fail(ErrorSeverity.FATAL);
        assertThat(told).containsExactly("errorDetected IO_FROZEN", "slotReset", "resume");
        assertThat(card().readConfig(4, 2)).isEqualTo(command);
        assertThat(registers.read32(0)).isZero();
    }

    @Test
    void aDriverWithoutHandlersKeepsNobodyFromBeingToldWhatHasHappened() {
        register();
        deaf.unregister();
        fail(ErrorSeverity.NON_FATAL);
        assertThat(told).containsExactly("errorDetected IO_NORMAL", "errorDetected PERM_FAILURE");
    }

    @Test
    void aDriverThatWantsAResetGetsOne() {
        register();
        registers.write32(0, 5);
        handlers.onDetected = Result.NEED_RESET;
        fail(ErrorSeverity.NON_FATAL);
        assertThat(told).containsExactly("errorDetected IO_NORMAL", "slotReset", "resume");
        assertThat(registers.read32(0)).isZero();
        told.clear();
        handlers.onDetected = Result.CAN_RECOVER;
        handlers.onMmio = Result.NEED_RESET;
        fail(ErrorSeverity.NON_FATAL);
        assertThat(told).containsExactly("errorDetected IO_NORMAL", "mmioEnabled", "slotReset", "resume");
    }

    @Test
    void aDriverThatGivesUpIsToldThatThisIsForEver() {
        register();
        handlers.onReset = Result.DISCONNECT;
        fail(ErrorSeverity.FATAL);
        assertThat(told).containsExactly("errorDetected IO_FROZEN", "slotReset", "errorDetected PERM_FAILURE");
        assertThat(log()).contains("pci 0000:00:1c.0: AER: device recovery failed");
    }

    @Test
    void withoutHandlersNobodyBehindTheBridgeCanBeHelped() {
        fail(ErrorSeverity.NON_FATAL);
        assertThat(log())
                .containsSubsequence(
                        "pci 0000:01:00.0: AER: can't recover (no error_detected callback)",
                        "pci 0000:00:1c.0: AER: device recovery failed");
    }

    @Test
    void aDriverThatSaysItWorksAgainIsNotAskedForMore() {
        register();
        handlers.onDetected = Result.RECOVERED;
        fail(ErrorSeverity.NON_FATAL);
        assertThat(told).containsExactly("errorDetected IO_NORMAL", "resume");
    }

    @Test
    void aDriverKnowsWhetherItsDeviceCanBeTalkedTo() {
        List<ChannelState> states = new ArrayList<>();
        register();
        handlers.onCall = dev -> states.add(dev.channelState());
        fail(ErrorSeverity.FATAL);
        assertThat(states).containsExactly(ChannelState.IO_FROZEN, ChannelState.IO_NORMAL, ChannelState.IO_NORMAL);
        assertThat(card().channelState()).isEqualTo(ChannelState.IO_NORMAL);
    }

    @Test
    void whoIsGivenUpStaysGivenUpAndIsNotToldTwice() {
        register();
        handlers.onReset = Result.DISCONNECT;
        fail(ErrorSeverity.FATAL);
        told.clear();
        fail(ErrorSeverity.NON_FATAL);
        assertThat(told).isEmpty();
        assertThat(card().channelState()).isEqualTo(ChannelState.PERM_FAILURE);
        pci.remove(card());
        pci.rescan(new CancelToken());
        assertThat(card().channelState()).isEqualTo(ChannelState.IO_NORMAL);
        assertThat(card().driver()).isPresent();
    }

    @Test
    void aCorrectedErrorIsOnlySaidAndItsStatusCleared() {
        register();
        fail(ErrorSeverity.CORRECTABLE);
        assertThat(told).isEmpty();
        assertThat(log()).contains("testdrv 0000:01:00.0: AER: Corrected error received");
        int aer = card().findExtendedCapability(1).orElseThrow();
        assertThat(card().readConfig(aer + 0x10, 4)).isZero();
    }
}
