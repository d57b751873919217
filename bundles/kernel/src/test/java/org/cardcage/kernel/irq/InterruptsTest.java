package org.cardcage.kernel.irq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.junit.jupiter.api.Test;

class InterruptsTest {

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final KernelModule module = new KernelModule("edu");
    private final Source line = new Source(VectorKind.INTX);
    private final Source messages = new Source(VectorKind.MSI);

    private static IrqChip msi(long number) {
        return new IrqChip("PCI-MSI", number, "edge");
    }

    @Test
    void aHandlerNeverRunsOnTheCausersStack() {
        List<String> order = new ArrayList<>();
        Interrupt interrupt = kernel.interrupts().addMessage(messages, 0, msi(65536));
        interrupt.request(
                () -> {
                    order.add("handler");
                    return IrqReturn.HANDLED;
                },
                "edu0",
                module);
        messages.sink.raised();
        order.add("raised");
        scheduler.settle(Scheduler.NEVER);
        assertThat(order).containsExactly("raised", "handler");
    }

    @Test
    void aLevelLineIsDeliveredAgainUntilItIsLow() {
        Interrupt interrupt = kernel.interrupts().addLine(line);
        int[] calls = {0};
        interrupt.request(
                () -> {
                    line.high = ++calls[0] < 3;
                    return IrqReturn.HANDLED;
                },
                "edu0",
                module);
        line.high = true;
        line.sink.raised();
        scheduler.settle(Scheduler.NEVER);
        assertThat(calls[0]).isEqualTo(3);
        assertThat(interrupt.number()).isEqualTo(11);
    }

    @Test
    void aLineThatIsHighAlreadyIsDeliveredToANewHandler() {
        Interrupt interrupt = kernel.interrupts().addLine(line);
        line.high = true;
        interrupt.request(
                () -> {
                    line.high = false;
                    return IrqReturn.HANDLED;
                },
                "edu0",
                module);
        scheduler.settle(Scheduler.NEVER);
        assertThat(interrupt.count()).isEqualTo(1);
    }

    @Test
    void aStuckLineIsShutOffAndSaid() {
        Interrupt interrupt = kernel.interrupts().addLine(line);
        interrupt.request(() -> IrqReturn.NONE, "edu0", module);
        line.high = true;
        line.sink.raised();
        scheduler.settle(Scheduler.NEVER);
        assertThat(interrupt.count()).isEqualTo(100_000);
        assertThat(kernel.log().records())
                .extracting(LogRecord::text)
                .contains("irq 11: nobody cared; disabling it. Handlers: edu0");
    }

    @Test
    void aNewHandlerGivesALineThatWasShutOffAnotherChance() {
        Interrupt interrupt = kernel.interrupts().addLine(line);
        interrupt.request(() -> IrqReturn.NONE, "edu0", module);
        line.high = true;
        line.sink.raised();
        scheduler.settle(Scheduler.NEVER);

        interrupt.request(
                () -> {
                    line.high = false;
                    return IrqReturn.HANDLED;
                },
                "edu1",
                module);
        scheduler.settle(Scheduler.NEVER);

        assertThat(interrupt.count()).isEqualTo(100_001);
    }

    @Test
    void aMessageThatComesBeforeTheHandlerIsDeliveredToItOnce() {
        Interrupt interrupt = kernel.interrupts().addMessage(messages, 0, msi(1));
        messages.sink.raised();
        messages.sink.raised();
        scheduler.settle(Scheduler.NEVER);
        int[] calls = {0};
        IrqHandler handler = () -> {
            calls[0]++;
            return IrqReturn.HANDLED;
        };

        interrupt.request(handler, "edu0", module);
        interrupt.request(handler, "edu1", module).free();
        scheduler.settle(Scheduler.NEVER);

        assertThat(calls[0]).isEqualTo(1);
        assertThat(interrupt.count()).isEqualTo(1);
    }

    @Test
    void aThrowableOutOfAHandlerIsAnOopsAndTheOthersRun() {
        Interrupt interrupt = kernel.interrupts().addMessage(messages, 0, msi(1));
        boolean[] ran = {false};
        interrupt.request(
                () -> {
                    throw new IllegalStateException("broken");
                },
                "bad",
                module);
        interrupt.request(
                () -> {
                    ran[0] = true;
                    return IrqReturn.HANDLED;
                },
                "good",
                new KernelModule("good"));
        messages.sink.raised();
        scheduler.settle(Scheduler.NEVER);
        assertThat(ran[0]).isTrue();
        assertThat(module.isTainted()).isTrue();
    }

    @Test
    void afterFreeTheHandlerDoesNotRun() {
        Interrupt interrupt = kernel.interrupts().addMessage(messages, 0, msi(1));
        int[] calls = {0};
        Interrupt.Action action = interrupt.request(
                () -> {
                    calls[0]++;
                    return IrqReturn.HANDLED;
                },
                "edu0",
                module);
        messages.sink.raised();
        action.free();
        scheduler.settle(Scheduler.NEVER);
        assertThat(calls[0]).isZero();
    }

    @Test
    void aHandlerThatDoesNotReturnHoldsUpItsOwnInterruptOnly() {
        WaitQueue never = new WaitQueue(scheduler, "the other interrupt");
        boolean[] came = {false};
        int[] inside = {0};
        int[] calls = {0};
        Interrupt hanging = kernel.interrupts().addMessage(messages, 0, msi(1));
        hanging.request(
                () -> {
                    assertThat(++inside[0]).isEqualTo(1);
                    if (++calls[0] == 1) {
                        messages.sink.raised();
                        never.awaitUninterruptibly(() -> came[0]);
                    }
                    inside[0]--;
                    return IrqReturn.HANDLED;
                },
                "edu0",
                module);
        Source other = new Source(VectorKind.MSI);
        kernel.interrupts()
                .addMessage(other, 0, msi(2))
                .request(
                        () -> {
                            came[0] = true;
                            return IrqReturn.HANDLED;
                        },
                        "other",
                        new KernelModule("other"));
        messages.sink.raised();
        other.sink.raised();

        scheduler.settle(Scheduler.NEVER);

        assertThat(came[0]).isTrue();
        assertThat(scheduler.nanoTime()).isEqualTo(VirtualCpu.PATIENCE);
        assertThat(calls[0]).as("what was raised meanwhile comes afterwards").isEqualTo(2);
        assertThat(kernel.log().records())
                .extracting(LogRecord::text)
                .anyMatch(text ->
                        text.startsWith("irq 24: handler edu0 of module edu does not return; the interrupt is off"))
                .contains("irq 24: handler edu0 has returned; the interrupt is on again");
    }

    @Test
    void aHandlerThatSleepsWhileNothingElseWaitsIsLeftInPeace() {
        WaitQueue later = new WaitQueue(scheduler, "later");
        boolean[] done = {false};
        Interrupt sleepy = kernel.interrupts().addMessage(messages, 0, msi(1));
        sleepy.request(
                () -> {
                    later.awaitUninterruptibly(() -> done[0]);
                    return IrqReturn.HANDLED;
                },
                "edu0",
                module);
        scheduler.schedule(10 * VirtualCpu.PATIENCE, () -> done[0] = true);
        messages.sink.raised();

        scheduler.settle(Scheduler.NEVER);

        assertThat(scheduler.nanoTime()).isEqualTo(10 * VirtualCpu.PATIENCE);
        assertThat(kernel.log().records()).isEmpty();
    }

    private Interrupt counting(Source source, int[] calls) {
        Interrupt interrupt = source.kind() == VectorKind.INTX
                ? kernel.interrupts().addLine(source)
                : kernel.interrupts().addMessage(source, 0, msi(1));
        interrupt.request(
                () -> {
                    calls[0]++;
                    source.high = false;
                    return IrqReturn.HANDLED;
                },
                "edu0",
                module);
        return interrupt;
    }

    @Test
    void aDisabledInterruptIsHeldBackAtTheFunctionAndToldOnceWhenItIsEnabledAsOften() {
        int[] calls = {0};
        Interrupt interrupt = counting(messages, calls);
        interrupt.disable();
        interrupt.disable();
        assertThat(messages.masked).isTrue();
        messages.sink.raised();
        messages.sink.raised();
        scheduler.settle(Scheduler.NEVER);
        interrupt.enable();
        scheduler.settle(Scheduler.NEVER);
        assertThat(calls[0]).isZero();
        interrupt.enable();
        assertThat(messages.masked).isFalse();
        scheduler.settle(Scheduler.NEVER);
        assertThat(calls[0]).isEqualTo(1);
        interrupt.enable();
        assertThat(kernel.log().records()).extracting(LogRecord::text).contains("irq 24: Unbalanced enable for IRQ 24");
    }

    @Test
    void aMessageThatIsUnderWayWhenItIsDisabledIsKept() {
        int[] calls = {0};
        Interrupt interrupt = counting(messages, calls);
        messages.sink.raised();
        interrupt.disable();
        scheduler.settle(Scheduler.NEVER);
        assertThat(calls[0]).isZero();
        interrupt.enable();
        scheduler.settle(Scheduler.NEVER);
        assertThat(calls[0]).isEqualTo(1);
    }

    @Test
    void aDisabledLineIsAskedForItsLevelWhenItIsEnabled() {
        int[] calls = {0};
        Interrupt interrupt = counting(line, calls);
        interrupt.disableWithoutWaiting();
        line.high = true;
        line.sink.raised();
        scheduler.settle(Scheduler.NEVER);
        line.high = false;
        interrupt.enable();
        scheduler.settle(Scheduler.NEVER);
        assertThat(calls[0]).isZero();
        interrupt.disableWithoutWaiting();
        line.high = true;
        line.sink.raised();
        interrupt.enable();
        scheduler.settle(Scheduler.NEVER);
        assertThat(calls[0]).isEqualTo(1);
    }

    @Test
    void aHandlerMayDisableItsOwnInterrupt() {
        Interrupt[] interrupt = new Interrupt[1];
        int[] calls = {0};
        interrupt[0] = kernel.interrupts().addMessage(messages, 0, msi(1));
        interrupt[0].request(
                () -> {
                    calls[0]++;
                    interrupt[0].disable();
                    return IrqReturn.HANDLED;
                },
                "edu0",
                module);
        messages.sink.raised();
        scheduler.settle(Scheduler.NEVER);
        messages.sink.raised();
        scheduler.settle(Scheduler.NEVER);
        assertThat(calls[0]).isEqualTo(1);
    }

    @Test
    void unhandledInterruptsFarApartDoNotMakeALineStuck() {
        SpuriousCount count = new SpuriousCount(scheduler::nanoTime);
        for (int i = 0; i < 1_000_000; i++) {
            if (i % 10_000 == 0) {
                scheduler.advance(200_000_000);
            }
            assertThat(count.add(false)).isFalse();
        }
    }

    @Test
    void aThreadThatHasLeftTheHandlerIsNotComplainedAbout() {
        int[] calls = {0};
        Interrupt interrupt = counting(messages, calls);
        messages.sink.raised();
        scheduler.settle(Scheduler.NEVER);
        interrupt.reportHung(Thread.currentThread());
        messages.sink.raised();
        scheduler.settle(Scheduler.NEVER);
        assertThat(calls[0]).isEqualTo(2);
        assertThat(kernel.log().records()).isEmpty();
    }

    @Test
    void eachInterruptIsCountedAtItsCpu() {
        messages.cpu = 1;
        kernel.interrupts().bringUp(3);
        counting(messages, new int[1]);
        counting(line, new int[1]);
        messages.sink.raised();
        scheduler.settle(Scheduler.NEVER);
        assertThat(kernel.interrupts().describe())
                .isEqualTo("           CPU0       CPU1       CPU2       \n"
                        + " 11:          0          0          0   IO-APIC  11-fasteoi   edu0\n"
                        + " 24:          0          1          0   PCI-MSI   1-edge      edu0\n");
    }

    @Test
    void procInterruptsLooksAsOnLinux() {
        Interrupt first = kernel.interrupts().addMessage(messages, 0, msi(65536));
        first.request(() -> IrqReturn.HANDLED, "edu0", module);
        messages.sink.raised();
        Source other = new Source(VectorKind.MSI);
        kernel.interrupts().addMessage(other, 0, msi(1064960)).request(() -> IrqReturn.HANDLED, "edu1", module);
        kernel.interrupts().addLine(line).request(() -> IrqReturn.HANDLED, "edu2", module);
        scheduler.settle(Scheduler.NEVER);
        assertThat(kernel.proc().read("interrupts").orElseThrow())
                .isEqualTo("           CPU0       \n"
                        + " 11:          0   IO-APIC  11-fasteoi   edu2\n"
                        + " 24:          1   PCI-MSI 65536-edge      edu0\n"
                        + " 25:          0   PCI-MSI 1064960-edge      edu1\n");
    }
}
