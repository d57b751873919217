package org.cardcage.kernel.irq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.VectorKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With threads: handlers that hang, and others that must not notice. */
@Timeout(60)
class HungHandlerTest {

    private final AtomicReference<Throwable> fault = new AtomicReference<>();
    private final LiveScheduler scheduler = new LiveScheduler("test", (where, t) -> fault.compareAndSet(null, t));
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch leave = new CountDownLatch(1);
    private final AtomicReference<Thread> stuck = new AtomicReference<>();
    private final AtomicInteger stuckCalls = new AtomicInteger();

    @AfterEach
    void close() {
        leave.countDown();
        kernel.close();
        scheduler.close();
        assertThat(fault.get()).isNull();
    }

    private IrqReturn hang() {
        if (stuckCalls.incrementAndGet() == 1) {
            stuck.set(Thread.currentThread());
            entered.countDown();
            awaitEnd(leave);
        }
        return IrqReturn.HANDLED;
    }

    private static void awaitEnd(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Interrupt message(Source source, IrqHandler handler, String name) {
        Interrupt interrupt = kernel.interrupts().addMessage(source, 0, new IrqChip("PCI-MSI", 1, "edge"));
        interrupt.request(handler, name, new KernelModule(name));
        return interrupt;
    }

    private static Source messages() {
        return new Source(VectorKind.MSI);
    }

    @Test
    void otherInterruptsComeAndTheThreadOfTheHungOneEndsWhenItLeaves() throws Exception {
        Source one = messages();
        Source two = messages();
        Source three = messages();
        message(one, this::hang, "hung");
        message(two, this::hang, "hung as well");
        CountDownLatch came = new CountDownLatch(5);
        message(
                three,
                () -> {
                    came.countDown();
                    if (came.getCount() > 0) {
                        three.sink.raised();
                    }
                    return IrqReturn.HANDLED;
                },
                "alive");
        one.sink.raised();
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();

        three.sink.raised();
        assertThat(came.await(30, TimeUnit.SECONDS)).isTrue();
        one.sink.raised();
        two.sink.raised();
        await().atMost(Duration.ofSeconds(30)).until(() -> stuckCalls.get() == 2);

        leave.countDown();
        await().atMost(Duration.ofSeconds(30)).until(() -> stuckCalls.get() == 3);
        stuck.get().join(30_000);
        assertThat(stuck.get().isAlive()).isFalse();
    }

    @Test
    void whoSharesTheLineOfAHungHandlerCanStillBeFreed() throws Exception {
        Source line = new Source(VectorKind.INTX);
        Interrupt shared = kernel.interrupts().addLine(line);
        Source other = new Source(VectorKind.INTX);
        kernel.interrupts().addLine(other);
        Interrupt.Action free = shared.request(() -> IrqReturn.NONE, "fine", new KernelModule("fine"));
        shared.request(this::hang, "hung", new KernelModule("hung"));
        line.sink.raised();
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();

        free.free();
        kernel.interrupts().remove(shared, line);

        assertThat(shared.names()).isEqualTo("hung");
    }

    @Test
    void freeWaitsForItsOwnHandler() throws Exception {
        Source one = messages();
        Interrupt interrupt = kernel.interrupts().addMessage(one, 0, new IrqChip("PCI-MSI", 1, "edge"));
        KernelModule module = new KernelModule("hung");
        Interrupt.Action action = interrupt.request(this::hang, "hung", module);
        one.sink.raised();
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(kernel.interrupts().handling(module)).containsExactly(stuck.get());

        Thread freeing = new Thread(action::free, "freeing");
        freeing.start();
        await().atMost(Duration.ofSeconds(30)).until(() -> freeing.getState() == Thread.State.WAITING);
        leave.countDown();
        freeing.join(30_000);

        assertThat(freeing.isAlive()).isFalse();
        assertThat(kernel.interrupts().handling(module)).isEmpty();
    }
}
