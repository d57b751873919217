package org.cardcage.kernel.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.kobject.AttributeFile;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.kernel.kobject.KObjectEntry;
import org.cardcage.kernel.kobject.KObjectLink;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What devices, drivers and nodes have in {@code /sys}, and the events about them. */
class DeviceObjectsTest {

    private static final CancelToken CALL = new CancelToken();

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(), scheduler);
    private final DriverCore core = kernel.drivers();
    private final TestDevice device = new TestDevice(kernel, "d0");
    private final TestDriver driver = new TestDriver("drv");
    private final List<String> events = new ArrayList<>();

    @BeforeEach
    void listen() {
        kernel.objects().uevents().listen(event -> events.add(event.action() + "@" + event.path()));
    }

    private KObject directory(String path) {
        return kernel.objects().directory(path);
    }

    private Optional<String> link(String directory, String name) {
        return directory(directory)
                .lookup(name)
                .filter(KObjectLink.class::isInstance)
                .map(link -> ((KObjectLink) link).target().path());
    }

    private AttributeFile attribute(String directory, String name) {
        KObjectEntry entry = directory(directory).lookup(name).orElseThrow();
        return (AttributeFile) entry;
    }

    private void bind() {
        driver.onProbe = d -> d.createCharDevice("node%d", Optional.empty(), new NodeOperations() {});
        core.addDevice(device);
        core.addDriver(driver);
        scheduler.settle(Scheduler.NEVER);
    }

    @Test
    void aBoundDeviceIsLinkedWithItsDriverItsBusAndItsNodes() {
        bind();
        assertThat(link("bus/test/devices", "d0")).contains("devices/test/d0");
        assertThat(link("devices/test/d0", "driver")).contains("bus/test/drivers/drv");
        assertThat(link("bus/test/drivers/drv", "d0")).contains("devices/test/d0");
        assertThat(link("devices/test/d0", "subsystem")).contains("bus/test");
        assertThat(attribute("devices/test/d0", "uevent").show(CALL)).isEqualTo("DRIVER=drv\n");

        assertThat(link("class/node", "node0")).contains("devices/test/d0/node/node0");
        assertThat(link("dev/char", "254:0")).contains("devices/test/d0/node/node0");
        assertThat(link("devices/test/d0/node/node0", "device")).contains("devices/test/d0");
        assertThat(link("devices/test/d0/node/node0", "subsystem")).contains("class/node");
        assertThat(attribute("devices/test/d0/node/node0", "dev").show(CALL)).isEqualTo("254:0\n");
        assertThat(attribute("devices/test/d0/node/node0", "uevent").show(CALL))
                .isEqualTo("MAJOR=254\nMINOR=0\nDEVNAME=node0\n");
    }

    @Test
    void aDriverThatLeavesTakesItsNodesAndLinksAlong() {
        bind();
        core.removeDriver(driver);
        assertThat(directory("devices/test/d0").entries()).containsOnlyKeys("subsystem", "uevent");
        assertThat(directory("bus/test/drivers").entries()).isEmpty();
        assertThat(directory("class").entries()).doesNotContainKey("node");
        assertThat(directory("dev/char").entries()).isEmpty();
    }

    @Test
    void aDeviceThatGoesLeavesNothing() {
        bind();
        core.removeDevice(device);
        scheduler.settle(Scheduler.NEVER);
        assertThat(directory("bus/test/devices").entries()).isEmpty();
        assertThat(directory("devices/test").entries()).isEmpty();
        assertThat(directory("bus/test/drivers/drv").entries()).isEmpty();
    }

    @Test
    void userLandHearsOfEverythingInOrder() {
        bind();
        core.removeDevice(device);
        scheduler.settle(Scheduler.NEVER);
        assertThat(events)
                .containsExactly(
                        "add@/devices/test/d0",
                        "bind@/devices/test/d0",
                        "add@/devices/test/d0/node/node0",
                        "remove@/devices/test/d0/node/node0",
                        "unbind@/devices/test/d0",
                        "remove@/devices/test/d0");
    }

    @Test
    void aListenerThatFailsStopsNothing() {
        kernel.objects().uevents().listen(event -> {
            throw new IllegalStateException("planted");
        });
        bind();
        core.removeDevice(device);
        scheduler.settle(Scheduler.NEVER);
        assertThat(directory("devices/test").entries()).isEmpty();
        assertThat(kernel.log().records()).anyMatch(line -> line.text().contains("a listener of events has failed"));
    }

    @Test
    void anEventIsRepeatedOnRequest() {
        bind();
        events.clear();
        attribute("devices/test/d0", "uevent").store("change\n", CALL);
        attribute("devices/test/d0/node/node0", "uevent").store("add 123 A=1\n", CALL);
        assertThat(events).containsExactly("change@/devices/test/d0", "add@/devices/test/d0/node/node0");
        assertThatThrownBy(() -> attribute("devices/test/d0", "uevent").store("nonsense\n", CALL))
                .hasMessageStartingWith("EINVAL");
    }

    @Test
    void aSecondDriverOfTheSameNameIsRefused() {
        core.addDriver(driver);
        assertThatThrownBy(() -> core.addDriver(new TestDriver("drv"))).hasMessageStartingWith("EBUSY");
        assertThat(kernel.log().records().get(kernel.log().records().size() - 1).text())
                .isEqualTo("Error: Driver 'drv' is already registered, aborting...");
        core.removeDriver(driver);
        core.addDriver(new TestDriver("drv"));
    }
}
