package org.cardcage.kernel.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;

/** What comes at an awkward moment: between two steps of a call, or while something is under way. */
class DriverCoreRacesTest {

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final DriverCore core = kernel.drivers();
    private final TestDevice device = new TestDevice(kernel, "d0");
    private final TestDevice second = new TestDevice(kernel, "d1");
    private final Picky driver = new Picky("drv");

    /** A driver that is told in a test what it is for, and when it is asked for its module. */
    private static final class Picky implements Driver {
        final TestDriver inner;
        final Set<Device> foreign = new HashSet<>();
        Runnable onModule = () -> {};

        Picky(String name) {
            inner = new TestDriver(name);
        }

        @Override
        public String busName() {
            return "test";
        }

        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public KernelModule module() {
            Runnable once = onModule;
            onModule = () -> {};
            once.run();
            return inner.module();
        }

        @Override
        public boolean matches(Device device) {
            return !foreign.contains(device);
        }

        @Override
        public void probe(Device device) throws Exception {
            inner.probe(device);
        }

        @Override
        public void remove(Device device) throws Exception {
            inner.remove(device);
        }

        @Override
        public void quiesce(Device device) {
            inner.quiesce(device);
        }
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    private void bind() {
        core.addDriver(driver);
        core.addDevice(device);
        settle();
    }

    private static void assertNoDevice(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV));
    }

    /** The device goes after a call has found it and before it does anything. */
    private void pullInTheMiddle() {
        driver.onModule = () -> {
            core.removeDevice(device);
            settle();
        };
    }

    @Test
    void anErrandForADeviceThatGoesJustThenIsNoDevice() {
        bind();
        pullInTheMiddle();
        assertNoDevice(() -> core.control().perform(device, new CancelToken(), d -> {}));
    }

    @Test
    void theDeletionOfADeviceThatGoesJustThenIsNoDevice() {
        bind();
        pullInTheMiddle();
        assertNoDevice(() -> core.control().delete(device));
    }

    @Test
    void aDeviceThatWaitsForItsTurnAndIsForSomebodyElseByThenDoesNotWaitForEver() {
        driver.inner.onProbe = d -> {
            if (d == device) {
                core.addDevice(second);
                driver.foreign.add(second);
                core.deviceChanged(second);
                core.awaitProbes(second, new CancelToken());
            }
        };
        bind();
        assertThat(core.settle(scheduler.nanoTime())).isTrue();
        assertThat(driver.inner.calls).containsExactly("probe d0");
    }

    @Test
    void whoWaitsForATurnIsAskedWhenTheOneBeforeIsForSomebodyElse() {
        Picky slow = new Picky("slow");
        TestDevice third = new TestDevice(kernel, "d2");
        slow.foreign.add(third);
        driver.foreign.add(device);
        TestDevice bystander = new TestDevice(kernel, "d3");
        slow.foreign.add(bystander);
        driver.foreign.add(bystander);
        core.addDevice(bystander);
        slow.inner.onProbe = d -> {
            if (d == device) {
                core.addDevice(second); // waits for the slow one
                core.addDevice(third); // waits for the second
                core.control()
                        .perform(bystander, new CancelToken(), nobody -> {}); // nothing is to be looked at after that
                driver.foreign.add(second);
                core.deviceChanged(second);
                core.awaitProbes(third, new CancelToken());
            }
        };
        core.addDriver(slow);
        bind();
        assertThat(driver.inner.calls).containsExactly("probe d2");
        assertThat(slow.inner.calls).containsExactly("probe d0", "probe d1");
    }

    @Test
    void aBindWhoseDriverGoesBeforeTheProbeIsNoDeviceThoughItHadItOnce() {
        bind();
        core.control().unbind(device, driver);
        driver.inner.calls.clear();
        scheduler.lane("gone").execute(() -> core.removeDriver(driver)); // before the lane of the device comes to it
        assertNoDevice(() -> core.control().bind(device, driver, new CancelToken()));
        assertThat(driver.inner.calls).isEmpty();
    }

    @Test
    void aNodeThatIsMadeTooLateIsNotKept() {
        List<Errno> answers = new ArrayList<>();
        driver.inner.onProbe = d -> d.resources().manage(Resources.Phase.MEMORY, "mapping", () -> {
            try {
                d.createCharDevice("late%d", Optional.empty(), new NodeOperations() {});
            } catch (KernelException e) {
                answers.add(e.errno());
            }
        });
        bind();
        core.removeDriver(driver);
        assertThat(answers).containsExactly(Errno.ENODEV);
        assertThat(device.nodes()).isEmpty();
        assertThat(kernel.charDevices().regions()).isEmpty();
    }

    @Test
    void nothingIsTakenWhileTheRestIsReleased() {
        List<Object> late = new ArrayList<>();
        driver.inner.onProbe = d -> d.resources().manage(Resources.Phase.MEMORY, "mapping", () -> {
            try {
                late.add(d.resources().manage(Resources.Phase.INTERRUPTS, "handler", () -> {}));
            } catch (KernelException e) {
                late.add(e.errno());
            }
        });
        bind();
        core.removeDriver(driver);
        assertThat(late).containsExactly(Errno.ENODEV);
        assertThat(device.resources().held()).isEmpty();
    }
}
