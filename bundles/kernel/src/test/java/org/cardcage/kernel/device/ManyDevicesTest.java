package org.cardcage.kernel.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;

/** What a device or a driver costs does not depend on how many others there are. */
class ManyDevicesTest {

    private static final int MANY = 3000;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final DriverCore core = kernel.drivers();

    /** A device that is found by a number. */
    private static final class Numbered extends Device {
        private final int number;

        Numbered(Kernel kernel, int number) {
            super(kernel, "n" + number);
            this.number = number;
        }

        @Override
        public String busName() {
            return "test";
        }

        @Override
        protected Optional<Object> matchKey() {
            return Optional.of(number);
        }
    }

    /** A driver for one number, or for all; counts how often it is asked. */
    private static final class Counting implements Driver {
        private final Integer number;
        private final KernelModule module = new KernelModule("counting");
        private final List<String> probed = new ArrayList<>();
        private int asked;

        Counting(Integer number) {
            this.number = number;
        }

        @Override
        public String busName() {
            return "test";
        }

        @Override
        public String name() {
            return number == null ? "general" : "counting" + number;
        }

        @Override
        public KernelModule module() {
            return module;
        }

        @Override
        public boolean matches(Device device) {
            asked++;
            return device instanceof Numbered n && (number == null || n.number == number);
        }

        @Override
        public Optional<Set<?>> matchKeys() {
            return Optional.ofNullable(number).map(Set::of);
        }

        @Override
        public synchronized void probe(Device device) {
            probed.add(device.name());
        }

        @Override
        public void remove(Device device) {
            probed.remove(device.name());
        }

        @Override
        public void quiesce(Device device) {
            // there is no hardware
        }
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    @Test
    void aNewDeviceAsksOnlyTheDriversThatAreForItAndThoseThatAreForAll() {
        List<Counting> drivers =
                IntStream.range(0, MANY).mapToObj(Counting::new).toList();
        drivers.forEach(core::addDriver);
        Counting general = new Counting(null);
        core.addDriver(general);
        core.addDevice(new Numbered(kernel, 7));
        settle();
        assertThat(drivers.stream().mapToInt(d -> d.asked).sum()).isEqualTo(1);
        assertThat(general.asked).isEqualTo(1);
        assertThat(drivers.get(7).probed).containsExactly("n7");
        core.removeDriver(drivers.get(7));
        settle();
        assertThat(general.probed).containsExactly("n7");
    }

    @Test
    void aDriverTakesManyDevicesInTheirOrderAndIsAskedAboutEachOnce() {
        IntStream.range(0, MANY).forEach(i -> core.addDevice(new Numbered(kernel, i)));
        Counting driver = new Counting(null);
        core.addDriver(driver);
        core.awaitProbes(driver, new CancelToken());
        assertThat(driver.asked).isEqualTo(MANY);
        assertThat(driver.probed)
                .isEqualTo(IntStream.range(0, MANY).mapToObj(i -> "n" + i).toList());
        assertThat(core.removeDriver(driver)).isTrue();
        assertThat(driver.probed).isEmpty();
    }

    @Test
    void manyDevicesComeAndGoInRealTime() {
        try (LiveScheduler live = new LiveScheduler("test", (where, fault) -> fault.printStackTrace())) {
            Kernel other = new Kernel(new KernelLog(), live);
            List<Numbered> devices = IntStream.range(0, MANY)
                    .mapToObj(i -> new Numbered(other, i))
                    .toList();
            devices.forEach(other.drivers()::addDevice);
            Counting driver = new Counting(null);
            other.drivers().addDriver(driver);
            other.drivers().awaitProbes(driver, new CancelToken());
            assertThat(driver.probed).hasSize(MANY);
            devices.forEach(other.drivers()::removeDevice);
            assertThat(other.drivers().settle(live.nanoTime() + 60_000_000_000L))
                    .isTrue();
            assertThat(other.drivers().hasLeft(driver)).isTrue();
            other.close();
        }
    }

    @Test
    void aDeferredProbeIsTriedAgainWhenAnotherDeviceHasGotItsDriver() {
        TestDriver later = new TestDriver("later");
        boolean[] ready = new boolean[1];
        later.onProbe = device -> {
            if (!ready[0]) {
                throw new KernelException(Errno.EPROBE_DEFER, "the clock is not there yet");
            }
        };
        TestDevice device = new TestDevice(kernel, "d0");
        core.addDriver(new Counting(2));
        core.addDriver(later);
        core.addDevice(device);
        settle();
        assertThat(device.lastProbe().kind()).isEqualTo(ProbeOutcome.Kind.DEFERRED);
        ready[0] = true;
        core.addDevice(new Numbered(kernel, 2));
        settle();
        assertThat(device.driver()).contains(later);
    }

    @Test
    void heldProbesRunWhenTheyAreReleased() {
        TestDriver driver = new TestDriver("drv");
        TestDevice device = new TestDevice(kernel, "d0");
        core.control().holdProbes();
        core.addDriver(driver);
        core.addDevice(device);
        core.awaitProbes(driver, new CancelToken());
        settle();
        assertThat(driver.calls).isEmpty();
        core.control().releaseProbes();
        core.awaitProbes(driver, new CancelToken());
        assertThat(driver.calls).containsExactly("probe d0");
    }
}
