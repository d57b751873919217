package org.cardcage.kernel.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Kernel;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several devices are to be dealt with, and one of them is busy for ever. */
@Timeout(60)
class LateDevicesTest {

    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(200);

    private final LiveScheduler scheduler = new LiveScheduler("test", (where, fault) -> {});
    private final Kernel kernel = new Kernel(new KernelLog(), scheduler);
    private final DeviceControl control = kernel.drivers().control();
    private final TestDevice busy = new TestDevice(kernel, "busy");
    private final TestDevice other = new TestDevice(kernel, "other");
    private final CountDownLatch leave = new CountDownLatch(1);
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void keepOneBusy() throws InterruptedException {
        kernel.drivers().addDevice(busy);
        kernel.drivers().addDevice(other);
        CountDownLatch inside = new CountDownLatch(1);
        control.performLater(busy, d -> {
            inside.countDown();
            awaitEnd();
        });
        inside.await();
    }

    private void awaitEnd() {
        try {
            leave.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        leave.countDown();
        kernel.close();
        scheduler.close();
    }

    private void letGo() throws InterruptedException {
        leave.countDown();
        assertThat(scheduler.settle(Scheduler.NEVER)).isTrue();
    }

    @Test
    void whoDoesNotGetThereInTimeIsNamedAndNotDealtWithLater() throws Exception {
        List<TestDevice> late = control.performAll(
                List.of(busy, other), scheduler.nanoTime() + PATIENCE, (device, by) -> done.add(device.name()));
        assertThat(late).containsExactly(busy);
        letGo();
        assertThat(done).containsExactly("other");
    }

    @Test
    void whatIsDoneWithAllIsNotDoneAndThoseThatWaitAreLetGo() throws Exception {
        boolean was = control.performTogether(
                List.of(other, busy), scheduler.nanoTime() + PATIENCE, () -> done.add("together"));
        assertThat(was).isFalse();
        control.perform(other, new CancelToken(), d -> done.add("the other is free"));
        letGo();
        assertThat(done).containsExactly("the other is free");
    }

    @Test
    void nothingIsUnderWayWithAnyDeviceWhileSomethingIsDoneWithAll() throws Exception {
        control.performLater(busy, d -> done.add("end of the busy one"));
        Thread together = new Thread(
                () -> control.performTogether(List.of(other, busy), Scheduler.NEVER, () -> done.add("together")));
        together.start();
        CountDownLatch ended = new CountDownLatch(1);
        await().atMost(Duration.ofSeconds(30)).until(() -> together.getState() == Thread.State.WAITING);
        control.performLater(other, d -> {
            done.add("after it");
            ended.countDown();
        });
        leave.countDown();
        together.join();
        ended.await();
        assertThat(done).containsExactly("end of the busy one", "together", "after it");
    }

    @Test
    void twoWhoWantTheSameDevicesInAnotherOrderBothGetThem() throws Exception {
        leave.countDown();
        Thread[] both = {
            new Thread(() -> together(List.of(busy, other), "one")),
            new Thread(() -> together(List.of(other, busy), "two"))
        };
        for (Thread each : both) {
            each.start();
        }
        for (Thread each : both) {
            each.join();
        }
        assertThat(done).containsExactlyInAnyOrder("one", "two");
    }

    private void together(List<TestDevice> devices, String who) {
        for (int i = 0; i < 100; i++) {
            assertThat(control.performTogether(devices, Scheduler.NEVER, () -> {}))
                    .isTrue();
        }
        done.add(who);
    }
}
