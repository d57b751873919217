package org.cardcage.kernel.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;

/** Drivers that do not leave in time, or are slow. Whoever removes one sleeps beneath it, since there is one thread only. */
class OverdueTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long LONG = 30 * SECOND;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final DriverCore core = kernel.drivers();
    private final TestDevice device = new TestDevice(kernel, "d0");
    private final TestDriver driver = new TestDriver("drv");

    private void hang() {
        long end = scheduler.nanoTime() + LONG;
        while (scheduler.nanoTime() < end) {
            scheduler.park("the driver's own loop", end);
        }
    }

    /** When somebody has been reported, in the order of the reports. */
    private List<Long> reports() {
        return kernel.log().records().stream()
                .filter(line -> line.text().contains("does not leave the driver"))
                .map(LogRecord::nanos)
                .toList();
    }

    private void take(Device d, Resources.Phase phase, String what) {
        d.resources()
                .manage(
                        phase,
                        what,
                        () -> driver.calls.add("revoke " + what),
                        () -> driver.calls.add("release " + what));
    }

    private void bind() {
        core.addDriver(driver);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
    }

    @Test
    void whoDoesNotLeaveLosesTheDeviceAtOnceAndGivesItBackWhenHeLeaves() {
        driver.onProbe = d -> {
            take(d, Resources.Phase.MEMORY, "mapping");
            take(d, Resources.Phase.INTERRUPTS, "vectors");
        };
        driver.onRemove = d -> {
            hang();
            driver.calls.add("end of remove");
            assertThat(d.isCutOff()).isTrue();
            assertThatThrownBy(() -> take(d, Resources.Phase.MEMORY, "more"))
                    .isInstanceOfSatisfying(
                            KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV));
        };
        bind();
        assertThat(core.removeDriver(driver)).isTrue();
        assertThat(driver.calls)
                .containsExactly(
                        "probe d0",
                        "remove d0",
                        "quiesce d0",
                        "revoke vectors",
                        "quiesce d0",
                        "revoke mapping",
                        "end of remove",
                        "release more",
                        "quiesce d0",
                        "release vectors",
                        "quiesce d0",
                        "release mapping");
        assertThat(reports()).containsExactly(kernel.removeTimeout());
        assertThat(device.isCutOff()).isFalse();
    }

    @Test
    void aRemovalThatFailsBecauseTheHardwareWasTakenIsNoFaultOfTheDriver() {
        driver.onRemove = d -> {
            hang();
            throw new KernelException(Errno.ENODEV, "BAR 0 is unmapped");
        };
        bind();
        core.removeDriver(driver);
        assertThat(driver.module.isTainted()).isFalse();
        assertThat(kernel.log().records()).anyMatch(line -> line.text().contains("too late for the hardware"));
    }

    @Test
    void aProbeThatIsSlowKeepsTheDevice() {
        driver.onProbe = d -> {
            take(d, Resources.Phase.MEMORY, "mapping");
            hang();
        };
        bind();
        scheduler.advance(LONG);
        assertThat(reports()).containsExactly(kernel.removeTimeout());
        assertThat(driver.calls).containsExactly("probe d0");
        assertThat(device.driver()).contains(driver);
    }

    @Test
    void aProbeThatIsSlowAndShallEndLosesTheDeviceAndItsNode() {
        driver.onProbe = d -> {
            take(d, Resources.Phase.MEMORY, "mapping");
            d.createCharDevice("slow%d", Optional.empty(), new NodeOperations() {});
            scheduler.schedule(15 * SECOND, () -> core.removeDriver(driver));
            hang();
        };
        bind();
        scheduler.advance(LONG);
        // reported as slow, and once more when it should have left
        assertThat(reports()).containsExactly(10 * SECOND, 25 * SECOND);
        assertThat(driver.calls)
                .containsExactly(
                        "probe d0",
                        "quiesce d0",
                        "quiesce d0",
                        "revoke mapping",
                        "remove d0",
                        "quiesce d0",
                        "quiesce d0",
                        "release mapping");
        assertThat(kernel.charDevices().devices()).isEmpty();
        assertThat(core.hasLeft(driver)).isTrue();
    }

    @Test
    void theNextDriverGetsTheDeviceAsNew() {
        driver.onRemove = d -> hang();
        bind();
        core.removeDriver(driver);
        TestDriver next = new TestDriver("next");
        core.addDriver(next);
        scheduler.settle(Scheduler.NEVER);
        scheduler.advance(LONG);
        assertThat(device.isCutOff()).isFalse();
        assertThat(next.calls).containsExactly("probe d0");
    }

    @Test
    void thoseWhoHangWhenTheKernelEndsAreWaitedForTogether() {
        TestDriver other = new TestDriver("other");
        driver.onProbe = d -> only(d, "d0");
        other.onProbe = d -> only(d, "d1");
        driver.onRemove = d -> hang();
        other.onRemove = d -> hang();
        core.addDriver(driver);
        core.addDriver(other);
        core.addDevice(device);
        core.addDevice(new TestDevice(kernel, "d1"));
        scheduler.settle(Scheduler.NEVER);
        kernel.close();
        assertThat(reports()).containsExactly(kernel.removeTimeout(), kernel.removeTimeout());
    }

    private static void only(Device d, String name) {
        if (!d.name().equals(name)) {
            throw new KernelException(Errno.ENODEV);
        }
    }

    @Test
    void twoThatHangAreWaitedForAsLongAsOneWhoeverWaitsAndWhen() throws Exception {
        CountDownLatch hanging = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        try (LiveScheduler live = new LiveScheduler("test", (where, fault) -> {})) {
            Kernel real = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, live::nanoTime), live, 3 * SECOND);
            TestDriver other = new TestDriver("other");
            TestDevice first = new TestDevice(real, "d0");
            TestDevice second = new TestDevice(real, "d1");
            driver.onProbe = d -> only(d, "d0");
            other.onProbe = d -> only(d, "d1");
            for (TestDriver hung : List.of(driver, other)) {
                hung.onRemove = d -> {
                    hanging.countDown();
                    end.await();
                };
                real.drivers().addDriver(hung);
            }
            real.drivers().addDevice(first);
            real.drivers().addDevice(second);
            real.drivers().settle(live.nanoTime() + LONG);
            long start = live.nanoTime();
            real.drivers().removeDevice(first);
            real.drivers().removeDevice(second);
            assertThat(hanging.await(LONG, TimeUnit.NANOSECONDS)).isTrue();
            assertThat(real.drivers().removeDriver(driver)).isFalse();
            assertThat(real.drivers().removeDriver(other)).isFalse();
            real.close();
            assertThat(live.nanoTime() - start).isBetween(real.removeTimeout(), 2 * real.removeTimeout() - 1);
            assertThat(first.isCutOff()).isTrue();
            assertThat(second.isCutOff()).isTrue();
        } finally {
            end.countDown();
        }
    }
}
