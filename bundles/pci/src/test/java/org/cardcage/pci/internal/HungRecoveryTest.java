package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.cardcage.board.Board;
import org.cardcage.board.Bridge;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.ErrorSeverity;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.Scheduler;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciErrorHandlers;
import org.junit.jupiter.api.Test;

/** An error of a card whose driver is busy for ever. */
class HungRecoveryTest {

    private static final FunctionAddress HUNG = FunctionAddress.parse("00:05.0");
    private static final FunctionAddress OTHER = FunctionAddress.parse("00:04.0");
    private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(2);

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch recovered = new CountDownLatch(1);

    private class Handlers implements PciErrorHandlers {
        @Override
        public Result errorDetected(PciDevice dev, ChannelState state) {
            told.add(dev.name() + " " + state);
            return Result.CAN_RECOVER;
        }

        @Override
        public void resume(PciDevice dev) {
            recovered.countDown();
        }
    }

    @Test
    void theErrorsOfOthersAreStillDealtWithAndItsDriverHearsOnlyThatItIsGivenUp() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        TestPciDriver driver = TestPciDriver.forTestCard((dev, id) -> dev.enable());
        driver.handlers = new Handlers();
        driver.onSuspend = dev -> {
            inside.countDown();
            leave.await();
        };
        try (LiveScheduler scheduler = new LiveScheduler("test", (where, fault) -> {})) {
            Kernel kernel = new Kernel(new KernelLog(), scheduler, TIMEOUT);
            Board board = Board.pc(scheduler);
            board.plug(HUNG, TestCard.withMsi());
            board.plug(OTHER, TestCard.withMsi());
            board.powerOn();
            PciCore pci = new PciCore(kernel);
            pci.addMachine(board);
            pci.register(driver, new KernelModule("testdrv"));
            assertThat(scheduler.settle(Scheduler.NEVER)).isTrue();
            Thread user = new Thread(() -> pci.suspend(new CancelToken()), "user");
            user.start();
            inside.await();
            pci.topology().events().errorReported(pci.topology().function(HUNG).orElseThrow(), ErrorSeverity.NON_FATAL);
            pci.topology()
                    .events()
                    .errorReported(pci.topology().function(OTHER).orElseThrow(), ErrorSeverity.NON_FATAL);
            assertThat(recovered.await(60, TimeUnit.SECONDS)).isTrue();
            leave.countDown();
            user.join();
            assertThat(scheduler.settle(Scheduler.NEVER)).isTrue();
            assertThat(told).containsExactly("0000:00:04.0 IO_NORMAL", "0000:00:05.0 PERM_FAILURE");
            pci.close();
            kernel.close();
        }
    }

    /** The sibling of a card with an error is busy for a while, and the bus must not be reset under its feet. */
    @Test
    void theBusIsNotResetBeforeNothingIsUnderWayWithAnyDeviceOnIt() throws Exception {
        FunctionAddress card = FunctionAddress.parse("01:00.0");
        FunctionAddress sibling = FunctionAddress.parse("01:00.1");
        AtomicInteger seen = new AtomicInteger();
        try (LiveScheduler scheduler = new LiveScheduler("test", (where, fault) -> {})) {
            Kernel kernel = new Kernel(new KernelLog(), scheduler);
            Board board = Board.pc(scheduler);
            board.plug("00:1c.0", Bridge.rootPort(1));
            board.plug("00:1c.0/00.0", TestCard.withMsi(), TestCard.withMsi());
            board.powerOn();
            PciCore pci = new PciCore(kernel);
            pci.addMachine(board);
            List<IoMemory> registers = Collections.synchronizedList(new ArrayList<>());
            TestPciDriver driver = TestPciDriver.forTestCard((dev, id) -> {
                dev.enable();
                registers.add(dev.iomap(0, "test"));
                registers.get(0).write32(0, 5);
            });
            driver.handlers = new Handlers() {
                @Override
                public Result errorDetected(PciDevice dev, ChannelState state) {
                    if (dev.address().equals(sibling)) {
                        kernel.drivers().control().performLater(dev, d -> {
                            long end = scheduler.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
                            new WaitQueue(kernel, "its work").awaitUninterruptibly(end, () -> false);
                            seen.set(registers.get(0).read32(0));
                        });
                    }
                    return Result.NEED_RESET;
                }

                @Override
                public Result slotReset(PciDevice dev) {
                    told.add(registers.get(0).read32(0) + " after the reset");
                    return Result.RECOVERED;
                }
            };
            pci.register(driver, new KernelModule("testdrv"));
            assertThat(scheduler.settle(Scheduler.NEVER)).isTrue();
            pci.topology().events().errorReported(pci.topology().function(card).orElseThrow(), ErrorSeverity.NON_FATAL);
            assertThat(recovered.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(seen).hasValue(5);
            assertThat(told).containsExactly("0 after the reset", "0 after the reset");
            pci.close();
            kernel.close();
        }
    }
}
