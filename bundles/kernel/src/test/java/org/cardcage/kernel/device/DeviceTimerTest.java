package org.cardcage.kernel.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DeviceTimerTest {

    private static final long SECOND = 1_000_000_000L;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final DriverCore core = kernel.drivers();
    private final TestDevice device = new TestDevice(kernel, "d0");
    private final TestDriver driver = new TestDriver("drv");
    private final List<Long> fired = new ArrayList<>();
    private DeviceTimer timer;

    private void bind(Runnable action) {
        driver.onProbe = d -> timer = d.createTimer("tick", action);
        core.addDriver(driver);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
    }

    private void bind() {
        bind(() -> fired.add(scheduler.nanoTime()));
    }

    @Test
    void itRunsOnceWhenTheLastStartSays() {
        bind();
        scheduler.advance(SECOND);
        assertThat(fired).isEmpty();
        timer.start(SECOND);
        timer.start(3 * SECOND);
        scheduler.advance(10 * SECOND);
        assertThat(fired).containsExactly(4 * SECOND);
        timer.start(0);
        scheduler.advance(0);
        assertThat(fired).hasSize(2);
    }

    @Test
    void aStoppedOneDoesNotRun() {
        bind();
        timer.start(SECOND);
        timer.stop();
        timer.stopAndWait();
        scheduler.advance(2 * SECOND);
        assertThat(fired).isEmpty();
    }

    @Test
    void itMayStartItselfAgain() {
        bind(() -> {
            fired.add(scheduler.nanoTime());
            timer.stopAndWait();
            timer.start(SECOND);
        });
        timer.start(SECOND);
        scheduler.advance(3 * SECOND);
        assertThat(fired).containsExactly(SECOND, 2 * SECOND, 3 * SECOND);
    }

    @Test
    void itGoesWithTheDriver() {
        bind();
        timer.start(SECOND);
        core.removeDriver(driver);
        assertThat(device.resources().held()).isEmpty();
        timer.start(SECOND);
        scheduler.advance(5 * SECOND);
        assertThat(fired).isEmpty();
        assertThatThrownBy(() -> device.createTimer("late", () -> {})).hasMessageStartingWith("ENODEV");
    }

    @Test
    void whatItThrowsIsAnOopsOfItsModuleAndTheDriverGoesOn() {
        bind(() -> {
            throw new IllegalStateException("broken");
        });
        timer.start(SECOND);
        scheduler.advance(2 * SECOND);
        assertThat(driver.module.isTainted()).isTrue();
        assertThat(kernel.log().records()).extracting(LogRecord::text).contains("Oops: timer tick of d0 in module drv");
        assertThat(device.driver()).contains(driver);
    }

    @Test
    void whoIsInItWouldWaitForHimself() {
        List<Errno> told = new ArrayList<>();
        bind(() -> {
            try {
                core.control().unbind(device, driver);
            } catch (KernelException e) {
                told.add(e.errno());
            }
        });
        timer.start(SECOND);
        scheduler.advance(2 * SECOND);
        assertThat(told).containsExactly(Errno.EDEADLK);
    }

    @Test
    @Timeout(60)
    void oneThatHangsHoldsUpItsDeviceOnlyAndIsNamedWithItsStack() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        try (LiveScheduler live = new LiveScheduler("test", (where, fault) -> {})) {
            Kernel real = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, live::nanoTime), live, SECOND);
            TestDevice hung = new TestDevice(real, "d0");
            driver.onProbe = d -> d.createTimer("tick", () -> {
                        inside.countDown();
                        hang(leave);
                    })
                    .start(0);
            real.drivers().addDriver(driver);
            real.drivers().addDevice(hung);
            inside.await();
            CountDownLatch other = new CountDownLatch(1);
            live.schedule(live.nanoTime(), other::countDown);
            other.await();
            assertThat(real.drivers().removeDriver(driver)).isFalse();
            await().atMost(Duration.ofSeconds(30)).until(() -> isSaid(real, "does not leave the driver"));
            await().atMost(Duration.ofSeconds(30)).until(() -> isSaid(real, "DeviceTimerTest.hang"));
            leave.countDown();
            await().atMost(Duration.ofSeconds(30)).until(() -> real.drivers().hasLeft(driver));
            real.close();
        } finally {
            leave.countDown();
        }
    }

    private static boolean isSaid(Kernel kernel, String text) {
        return kernel.log().records().stream().anyMatch(line -> line.text().contains(text));
    }

    private static void hang(CountDownLatch leave) {
        try {
            leave.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
