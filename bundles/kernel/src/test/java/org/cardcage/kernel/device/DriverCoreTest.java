package org.cardcage.kernel.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;

class DriverCoreTest {

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final DriverCore core = kernel.drivers();
    private final TestDevice device = new TestDevice(kernel, "d0");
    private final TestDriver driver = new TestDriver("drv");

    private List<String> log() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    @Test
    void deviceFirstAndDriverFirstEndInTheSameState() {
        core.addDevice(device);
        core.addDriver(driver);
        scheduler.settle(Scheduler.NEVER);
        assertThat(device.driver()).contains(driver);

        Kernel other = new Kernel(new KernelLog(), scheduler);
        TestDevice second = new TestDevice(other, "d0");
        TestDriver same = new TestDriver("drv");
        other.drivers().addDriver(same);
        other.drivers().addDevice(second);
        scheduler.settle(Scheduler.NEVER);
        assertThat(second.driver()).contains(same);
        assertThat(same.calls).isEqualTo(driver.calls).containsExactly("probe d0");
    }

    @Test
    void awaitProbesReturnsWhenTheProbesHaveEnded() {
        core.addDevice(device);
        core.addDriver(driver);
        core.awaitProbes(driver, new CancelToken());
        assertThat(driver.calls).containsExactly("probe d0");
    }

    @Test
    void removedDriverHasLeftWhenTheCallReturns() {
        core.addDevice(device);
        core.addDriver(driver);
        scheduler.settle(Scheduler.NEVER);
        assertThat(core.removeDriver(driver)).isTrue();
        assertThat(driver.calls).containsExactly("probe d0", "remove d0", "quiesce d0", "quiesce d0");
        assertThat(device.driver()).isEmpty();
    }

    @Test
    void aDriverThatHadNoDeviceIsForgotten() {
        core.addDevice(device);
        WeakReference<TestDriver> gone = addAndRemoveOneThatRefuses();
        Awaitility.await().until(() -> {
            System.gc();
            return gone.get() == null;
        });
    }

    private WeakReference<TestDriver> addAndRemoveOneThatRefuses() {
        TestDriver picky = new TestDriver("picky");
        picky.onProbe = d -> {
            throw new KernelException(Errno.ENODEV);
        };
        core.addDriver(picky);
        scheduler.settle(Scheduler.NEVER);
        core.removeDriver(picky);
        return new WeakReference<>(picky);
    }

    @Test
    void aRefusedDeviceGoesToTheNextDriverAndTheFirstIsNotAskedAgain() {
        TestDriver second = new TestDriver("second");
        driver.onProbe = d -> {
            throw new KernelException(Errno.ENODEV);
        };
        core.addDriver(driver);
        core.addDriver(second);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
        assertThat(device.driver()).contains(second);
        core.removeDriver(second);
        scheduler.settle(Scheduler.NEVER);
        assertThat(driver.calls).containsExactly("probe d0", "quiesce d0", "quiesce d0");
        assertThat(log()).noneMatch(line -> line.contains("failed"));
    }

    @Test
    void aFailedProbeIsSaidAsLinuxSaysItAndGivesEverythingBackInReverse() {
        List<String> released = new ArrayList<>();
        driver.onProbe = d -> {
            d.resources().manage(Resources.Phase.MEMORY, "mapping", () -> released.add("mapping"));
            d.resources().manage(Resources.Phase.INTERRUPTS, "vectors", () -> released.add("vectors"));
            d.resources().manage(Resources.Phase.INTERRUPTS, "handler", () -> released.add("handler"));
            d.createCharDevice("t%d", Optional.empty(), new NodeOperations() {});
            throw new KernelException(Errno.EBUSY, "no room");
        };
        core.addDriver(driver);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
        assertThat(released).containsExactly("handler", "vectors", "mapping");
        assertThat(device.resources().held()).isEmpty();
        assertThat(kernel.charDevices().devices()).isEmpty();
        assertThat(kernel.charDevices().regions()).isEmpty();
        assertThat(log()).contains("drv: probe of d0 failed with error -16 (EBUSY: no room)");
        assertThat(device.lastProbe().kind()).isEqualTo(ProbeOutcome.Kind.FAILED);
        assertThat(device.lastProbe().errno()).contains(Errno.EBUSY);
    }

    @Test
    void aThrowableOutOfProbeIsAnOopsThatTaintsTheModuleOnly() {
        driver.onProbe = d -> {
            throw new StackOverflowError();
        };
        TestDevice other = new TestDevice(kernel, "d1");
        core.addDriver(driver);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
        assertThat(driver.module.isTainted()).isTrue();
        assertThat(log()).contains("Oops: probe of d0 in module drv");
        driver.onProbe = d -> {};
        core.addDevice(other);
        scheduler.settle(Scheduler.NEVER);
        assertThat(other.driver()).contains(driver);
    }

    @Test
    void aThrowableOutOfRemoveDoesNotKeepTheDriver() {
        driver.onRemove = d -> {
            throw new IllegalStateException("broken");
        };
        core.addDriver(driver);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
        assertThat(core.removeDriver(driver)).isTrue();
        assertThat(device.driver()).isEmpty();
        assertThat(driver.calls).endsWith("quiesce d0");
    }

    @Test
    void whatTheDriverForgotIsNamed() {
        driver.onProbe = d -> d.resources().lend(Resources.Phase.MEMORY, "DMA buffer", () -> {}, () -> {});
        core.addDriver(driver);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
        core.removeDriver(driver);
        assertThat(log()).contains("drv: d0: the driver did not release: DMA buffer");
    }

    @Test
    void theNodeAppearsWhenTheProbeHasSucceededAndGoesBeforeRemove() {
        driver.onProbe = d -> {
            d.createCharDevice("t%d", Optional.empty(), new NodeOperations() {});
            assertThat(kernel.charDevices().devices()).isEmpty();
        };
        driver.onRemove = d -> assertThat(kernel.charDevices().devices()).isEmpty();
        core.addDriver(driver);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
        assertThat(device.lastProbe().reason()).isEmpty();
        assertThat(kernel.charDevices().devices()).extracting(CharDevice::name).containsExactly("t0");
        core.removeDriver(driver);
        assertThat(driver.module.isTainted()).isFalse();
        assertThat(kernel.charDevices().devices()).isEmpty();
    }

    @Test
    void aPulledDeviceIsRemovedFromItsDriver() {
        driver.onRemove = d -> assertThat(d.isGone()).isTrue();
        core.addDriver(driver);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
        core.removeDevice(device);
        boolean[] gone = {false};
        core.whenRemoved(device, () -> gone[0] = true);
        assertThat(gone[0]).isFalse();
        scheduler.settle(Scheduler.NEVER);
        assertThat(gone[0]).isTrue();
        assertThat(driver.calls).containsExactly("probe d0", "remove d0", "quiesce d0", "quiesce d0");
        assertThat(driver.module.isTainted()).isFalse();
    }

    @Test
    void aDriverThatDoesNotLeaveIsReportedAndLeavesLater() {
        boolean[] leave = {false};
        driver.onRemove = d -> {
            while (!leave[0]) {
                scheduler.park("the driver's own loop", scheduler.nanoTime() + 30_000_000_000L);
                leave[0] = scheduler.nanoTime() >= 30_000_000_000L;
            }
        };
        TestDevice other = new TestDevice(kernel, "d1");
        core.addDriver(driver);
        core.addDevice(device);
        core.addDevice(other);
        scheduler.settle(Scheduler.NEVER);
        core.removeDriver(driver);
        assertThat(log()).anyMatch(line -> line.contains("does not leave the driver"));
        scheduler.settle(Scheduler.NEVER);
        assertThat(core.hasLeft(driver)).isTrue();
    }

    @Test
    void whoWaitsForADriverToLeaveIsToldOnceItHasLeftAllDevices() {
        List<String> farewell = driver.calls;
        driver.onRemove = d -> {
            if (d == device) {
                core.whenLeft(driver, () -> farewell.add("left"));
            }
        };
        core.addDriver(driver);
        core.addDevice(device);
        core.addDevice(new TestDevice(kernel, "d1"));
        scheduler.settle(Scheduler.NEVER);
        core.removeDriver(driver);
        assertThat(farewell).endsWith("quiesce d1", "left").containsOnlyOnce("left");
        core.whenLeft(driver, () -> farewell.add("at once"));
        assertThat(farewell).endsWith("at once");
    }

    @Test
    void removalFromInsideTheDriverDoesNotWaitForItself() {
        driver.onProbe = d -> assertThat(core.removeDriver(driver)).isFalse();
        core.addDriver(driver);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
        assertThat(driver.calls).containsExactly("probe d0", "remove d0", "quiesce d0", "quiesce d0");
        assertThat(core.hasLeft(driver)).isTrue();
    }

    @Test
    void allNodesGoBeforeTheCallersOfAnyAreWaitedFor() {
        CharDevice[] nodes = new CharDevice[2];
        driver.onProbe = d -> {
            nodes[0] = d.createCharDevice("a%d", Optional.empty(), new NodeOperations() {});
            nodes[1] = d.createCharDevice("b%d", Optional.empty(), new NodeOperations() {});
        };
        core.addDriver(driver);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
        CancelToken inA = new CancelToken();
        CancelToken inB = new CancelToken();
        nodes[0].gate().enter(inA);
        nodes[1].gate().enter(inB);
        List<String> seen = new ArrayList<>();
        scheduler.schedule(1000, () -> {
            seen.add("published " + kernel.charDevices().devices().size());
            assertThatThrownBy(inB::check).hasMessageStartingWith("ENODEV");
            nodes[0].gate().leave(inA);
            nodes[1].gate().leave(inB);
        });
        core.removeDriver(driver);
        scheduler.settle(Scheduler.NEVER);
        assertThat(seen).containsExactly("published 0");
    }

    @Test
    void aDriverThatIsLeavingGetsNothingAnyMore() {
        List<String> released = new ArrayList<>();
        driver.onRemove = d -> {
            assertThatThrownBy(() -> d.createCharDevice("late%d", Optional.empty(), new NodeOperations() {}))
                    .hasMessageStartingWith("ENODEV");
            d.resources().manage(Resources.Phase.MEMORY, "taken in remove", () -> released.add("in time"));
        };
        core.addDriver(driver);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
        core.removeDriver(driver);
        assertThat(driver.module.isTainted()).isFalse();
        assertThat(kernel.charDevices().regions()).isEmpty();
        assertThatThrownBy(
                        () -> device.resources().manage(Resources.Phase.MEMORY, "stray", () -> released.add("refused")))
                .hasMessageStartingWith("ENODEV");
        assertThat(released).containsExactly("in time", "refused");
    }

    @Test
    void ifTheNodeCannotBePublishedTheDriverIsRemovedAgain() {
        kernel.charDevices().addListener(new CharDevices.Listener() {
            @Override
            public void added(CharDevice node) {
                throw new KernelException(Errno.EINVAL, "no such name");
            }

            @Override
            public void removed(CharDevice node) {}
        });
        driver.onProbe = d -> d.createCharDevice("a%d", Optional.empty(), new NodeOperations() {});
        core.addDriver(driver);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
        assertThat(driver.calls).startsWith("probe d0", "remove d0");
        assertThat(device.driver()).isEmpty();
        assertThat(device.lastProbe().errno()).contains(Errno.EINVAL);
    }

    @Test
    void aDriverThatWithdrawsWhileItRefusesIsNotKept() {
        driver.onProbe = d -> {
            core.removeDriver(driver);
            throw new KernelException(Errno.ENODEV);
        };
        core.addDriver(driver);
        core.addDevice(device);
        scheduler.settle(Scheduler.NEVER);
        driver.onProbe = d -> {};
        core.addDriver(driver);
        scheduler.settle(Scheduler.NEVER);
        assertThat(device.driver()).contains(driver);
    }

    @Test
    void aDriverProbesItsDevicesInTheOrderInWhichTheyWereFound() {
        LiveScheduler live = new LiveScheduler("order", (where, fault) -> {});
        Kernel real = new Kernel(new KernelLog(), live);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            real.drivers().addDevice(new TestDevice(real, "d" + i));
            expected.add("probe d" + i);
        }
        for (int round = 0; round < 20; round++) {
            TestDriver fresh = new TestDriver("fresh");
            real.drivers().addDriver(fresh);
            real.drivers().awaitProbes(fresh, new CancelToken());
            assertThat(fresh.calls).isEqualTo(expected);
            real.drivers().removeDriver(fresh);
        }
        real.close();
        live.close();
    }

    @Test
    void aDeviceThatWaitsForItsTurnIsReleasedWhenItsDriverWithdraws() {
        TestDevice second = new TestDevice(kernel, "d1");
        TestDriver other = new TestDriver("other");
        core.addDevice(device);
        core.addDevice(second);
        scheduler.settle(Scheduler.NEVER);
        driver.onProbe = d -> {
            core.addDriver(other);
            core.removeDriver(driver);
            throw new KernelException(Errno.ENODEV);
        };
        core.addDriver(driver);
        scheduler.settle(Scheduler.NEVER);
        assertThat(driver.calls).contains("probe d0").doesNotContain("probe d1");
        assertThat(device.driver()).contains(other);
        assertThat(second.driver()).contains(other);
        assertThat(core.settle(0)).isTrue();
    }

    @Test
    void withNothingLeftToRunASleepFails() {
        assertThatThrownBy(() -> scheduler.park("an interrupt", Scheduler.NEVER))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("sleeps for ever: an interrupt");
    }
}
