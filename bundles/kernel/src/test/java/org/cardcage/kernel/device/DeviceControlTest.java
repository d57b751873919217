package org.cardcage.kernel.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done with several devices, and by several at once. */
class DeviceControlTest {

    private static final long SECOND = 1_000_000_000L;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final DriverCore core = kernel.drivers();
    private final DeviceControl control = core.control();
    private final TestDevice first = new TestDevice(kernel, "d0");
    private final TestDevice second = new TestDevice(kernel, "d1");
    private final TestDriver driver = new TestDriver("drv");
    private final List<String> done = new ArrayList<>();

    @BeforeEach
    void bind() {
        core.addDriver(driver);
        core.addDevice(first);
        core.addDevice(second);
        settle();
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    private void pause(long nanos) {
        long end = scheduler.nanoTime() + nanos;
        while (scheduler.nanoTime() < end) {
            scheduler.park("a pause", end);
        }
    }

    private void performOnAll() {
        List<TestDevice> late = control.performAll(
                List.of(first, second),
                scheduler.nanoTime() + SECOND,
                (device, by) ->
                        done.add(device.name() + " " + by.map(Driver::name).orElse("")));
        late.forEach(device -> done.add(device.name() + " late"));
    }

    @Test
    void allDevicesAreDealtWithAndThoseThatHaveGoneArePassedOver() {
        performOnAll();
        assertThat(done).containsExactly("d0 drv", "d1 drv");
        core.removeDevice(first);
        settle();
        performOnAll();
        assertThat(done).endsWith("d1 drv", "d1 drv").hasSize(3);
    }

    @Test
    void whatIsPostedMeanwhileComesAfterWhatIsDoneWithAll() {
        boolean was = control.performTogether(List.of(first, second), scheduler.nanoTime() + SECOND, () -> {
            control.performLater(first, d -> done.add("after it"));
            control.performLater(second, d -> done.add("after it"));
            pause(SECOND / 2);
            done.add("together");
        });
        settle();
        assertThat(was).isTrue();
        assertThat(done).containsExactly("together", "after it", "after it");
    }

    @Test
    void withoutAnyDeviceItIsSimplyDone() {
        core.removeDevice(first);
        settle();
        assertThat(control.performTogether(List.of(first), 0, () -> done.add("together")))
                .isTrue();
        assertThat(done).containsExactly("together");
    }

    @Test
    void whatTheActionThrowsIsThrown() {
        assertThatThrownBy(() -> control.performTogether(List.of(first, second), Scheduler.NEVER, () -> {
                    throw new KernelException(Errno.EIO);
                }))
                .isInstanceOf(KernelException.class);
        assertThatThrownBy(() -> control.performAll(List.of(first), Scheduler.NEVER, (device, by) -> {
                    throw new KernelException(Errno.EIO);
                }))
                .isInstanceOf(KernelException.class);
        performOnAll();
        assertThat(done).hasSize(2);
    }

    @Test
    void whoIsInsideOneOfThemWouldWaitForHimself() {
        List<Errno> told = new ArrayList<>();
        control.perform(first, new CancelToken(), d -> {
            for (Runnable call : List.<Runnable>of(
                    this::performOnAll,
                    () -> control.performTogether(List.of(second, first), Scheduler.NEVER, () -> {}),
                    () -> control.delete(first))) {
                try {
                    call.run();
                } catch (KernelException e) {
                    told.add(e.errno());
                }
            }
        });
        assertThat(told).containsExactly(Errno.EDEADLK, Errno.EDEADLK, Errno.EDEADLK);
        assertThat(done).isEmpty();
    }

    @Test
    void aBindIsAnsweredByItsOwnProbeAndNotByThatOfTheNextDriver() {
        TestDriver next = new TestDriver("next");
        control.unbind(first, driver);
        driver.onProbe = d -> {
            core.addDriver(next);
            throw new KernelException(Errno.ENOMEM, "no room");
        };
        assertThatThrownBy(() -> control.bind(first, driver, new CancelToken())).hasMessage("ENOMEM: no room");
        assertThat(first.driver()).contains(next);
    }
}
