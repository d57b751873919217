package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.ProbeOutcome;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which driver gets a device: id tables and what is changed in them by hand, overrides, removal and rescan. */
class PciIdsTest {

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final ScriptedMachine machine = new ScriptedMachine(scheduler);
    private final PciCore pci = new PciCore(kernel);
    private final KernelModule module = new KernelModule("testdrv");
    private final List<PciDeviceId> matched = new ArrayList<>();
    private int drivers;

    @BeforeEach
    void start() {
        machine.bridge("00:02.0", 0, 1, 1);
        machine.add("00:03.0", 0x1234, 0xbeef);
        machine.add("01:04.0", 0x1234, 0x11e8);
        pci.addMachine(machine);
        settle();
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    private PciDevice device(String address) {
        return pci.device(FunctionAddress.parse(address)).orElseThrow();
    }

    private TestPciDriver register(PciDeviceId... ids) {
        TestPciDriver driver = new TestPciDriver((dev, id) -> matched.add(id), ids)
                .named(drivers++ == 0 ? "testdrv" : "testdrv" + drivers);
        pci.register(driver, module);
        settle();
        return driver;
    }

    private static void assertErrno(Errno errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    private void addId(int vendor, int device) {
        pci.addId("testdrv", PciDeviceId.of(vendor, device), new CancelToken());
    }

    @Test
    void anAddedIdIsProbedAtOnceAndErrorsAreThoseOfLinux() {
        register(PciDeviceId.of(0x1234, 0x11e8));
        addId(0x1234, 0xbeef);
        assertThat(device("00:03.0").driver()).isPresent();
        assertErrno(Errno.EEXIST, () -> addId(0x1234, 0x11e8));
        assertErrno(Errno.EEXIST, () -> addId(0x1234, 0xbeef));
        assertErrno(
                Errno.EINVAL,
                () -> pci.addId("testdrv", new PciDeviceId(0x1234, 0xbee0, -1, -1, 0, 0, 5), new CancelToken()));
        assertErrno(Errno.ENODEV, () -> pci.addId("nosuch", PciDeviceId.of(1, 2), new CancelToken()));
    }

    @Test
    void aRemovedIdLeavesTheDeviceWhereItIsAndTheOwnTableCannotBeChanged() {
        register(PciDeviceId.of(0x1234, 0x11e8));
        addId(0x1234, 0xbeef);
        pci.removeId("testdrv", PciDeviceId.of(0x1234, 0xbeef));
        assertThat(device("00:03.0").driver()).isPresent();
        assertErrno(Errno.ENODEV, () -> pci.removeId("testdrv", PciDeviceId.of(0x1234, 0xbeef)));
        assertErrno(Errno.ENODEV, () -> pci.removeId("testdrv", PciDeviceId.of(0x1234, 0x11e8)));
        pci.unbind(device("00:03.0"), "testdrv");
        pci.probe(device("00:03.0"), new CancelToken());
        assertThat(device("00:03.0").driver()).isEmpty();
    }

    @Test
    void existingIdsAreToldBeforeAnUnknownDatum() {
        register(new PciDeviceId(0x1234, 0x11e8, -1, -1, 0, 0, 7));
        assertErrno(Errno.EEXIST, () -> addId(0x1234, 0x11e8));
        assertErrno(Errno.EINVAL, () -> addId(0x1234, 0xbeef));
    }

    @Test
    void ofSeveralEntriesThatAreMeantTheFirstIsRemoved() {
        register(PciDeviceId.of(0x1234, 0x11e8));
        pci.addId("testdrv", PciDeviceId.parse("8086 1 1af4"), new CancelToken());
        pci.addId("testdrv", PciDeviceId.parse("8086 1 1af5"), new CancelToken());
        pci.removeId("testdrv", PciDeviceId.parse("8086 1"));
        pci.removeId("testdrv", PciDeviceId.parse("8086 1 1af5"));
        assertErrno(Errno.ENODEV, () -> pci.removeId("testdrv", PciDeviceId.parse("8086 1")));
    }

    @Test
    void addedIdsComeBeforeTheOwnAndTheOwnInTheirOrder() {
        PciDeviceId wildcard = new PciDeviceId(0x1234, PciDeviceId.ANY, PciDeviceId.ANY, PciDeviceId.ANY, 0, 0, 0);
        IdTable table = new IdTable(List.of(
                PciDeviceId.of(0x1234, 1),
                PciDeviceId.ofClass(0x060400, 0xffff00),
                wildcard,
                PciDeviceId.of(0x1234, 0x11e8)));
        PciDevice edu = device("01:04.0");
        assertThat(table.match(edu)).contains(wildcard);
        assertThat(table.match(device("00:02.0"))).contains(PciDeviceId.ofClass(0x060400, 0xffff00));
        assertThat(table.with(PciDeviceId.of(0x1234, 0x11e8)).match(edu)).contains(PciDeviceId.of(0x1234, 0x11e8));
        assertThat(table.keys()).isEmpty();
        assertThat(new IdTable(List.of(PciDeviceId.of(1, 2))).keys()).isPresent();
    }

    @Test
    void aMatchAmongManyDriversIsTheOneRegisteredFirst() {
        for (int i = 0; i < 50; i++) {
            register(PciDeviceId.of(0x8086, i));
        }
        TestPciDriver general = register(PciDeviceId.ofClass(0, 0));
        TestPciDriver exact = register(PciDeviceId.of(0x1234, 0x5555));
        machine.add("00:06.0", 0x1234, 0x5555);
        machine.plug("00:06.0");
        settle();
        assertThat(general.calls).contains("probe 0000:00:06.0");
        assertThat(exact.calls).isEmpty();
    }

    @Test
    void anOverrideLetsOneDriverHaveTheDeviceWhateverItsIds() {
        register(PciDeviceId.of(0x1234, 0x11e8));
        PciDevice edu = device("01:04.0");
        edu.setDriverOverride("foo");
        assertThat(edu.driver()).isPresent();
        pci.unbind(edu, "testdrv");
        assertErrno(Errno.ENODEV, () -> pci.bind(edu, "testdrv", new CancelToken()));
        pci.probe(edu, new CancelToken());
        assertThat(edu.driver()).isEmpty();
        edu.setDriverOverride("testdrv");
        pci.probe(edu, new CancelToken());
        assertThat(edu.driver()).isPresent();
        PciDevice other = device("00:03.0");
        other.setDriverOverride("testdrv");
        pci.bind(other, "testdrv", new CancelToken());
        assertThat(matched.get(matched.size() - 1).classMask()).isZero();
        assertErrno(Errno.EINVAL, () -> other.setDriverOverride("x".repeat(4096)));
        other.setDriverOverride("");
        assertThat(other.driverOverride()).isEmpty();
    }

    @Test
    void aDriverThatWantsToBeAskedLaterIsAskedWhenAnotherOneHasTakenSomething() {
        List<String> calls = new ArrayList<>();
        pci.register(
                new TestPciDriver(
                        (dev, id) -> {
                            calls.add("first");
                            if (device("00:03.0").driver().isEmpty()) {
                                throw new KernelException(Errno.EPROBE_DEFER, "no clock yet");
                            }
                        },
                        PciDeviceId.of(0x1234, 0x11e8)),
                module);
        settle();
        PciDevice edu = device("01:04.0");
        assertThat(edu.lastProbe().kind()).isEqualTo(ProbeOutcome.Kind.DEFERRED);
        assertThat(edu.lastProbe().reason()).contains("no clock yet");
        assertErrno(Errno.EAGAIN, () -> pci.bind(edu, "testdrv", new CancelToken()));
        drivers++;
        register(PciDeviceId.of(0x1234, 0xbeef));
        assertThat(edu.driver()).isPresent();
        assertThat(calls).hasSizeBetween(3, 4);
        assertThat(kernel.log().records()).extracting(LogRecord::text).noneMatch(line -> line.contains("failed"));
    }

    @Test
    void aDeviceTakenOutOfUseIsFoundAgainByARescan() {
        TestPciDriver driver = register(PciDeviceId.of(0x1234, 0x11e8));
        boolean[] usable = new boolean[1];
        driver.onRemove = dev -> usable[0] = dev.readConfig(0, 2) == 0x1234;
        PciDevice bridge = device("00:02.0");
        PciDevice edu = device("01:04.0");
        pci.remove(bridge);
        assertThat(usable[0]).isTrue();
        assertThat(edu.isGone()).isTrue();
        assertThat(pci.devices()).extracting(PciDevice::name).containsExactly("0000:00:03.0");
        assertErrno(Errno.ENODEV, () -> pci.remove(bridge));
        pci.rescan(new CancelToken());
        assertThat(device("01:04.0")).isNotSameAs(edu);
        assertThat(device("01:04.0").driver()).isPresent();
        assertThat(driver.calls).containsExactly("probe 0000:01:04.0", "remove 0000:01:04.0", "probe 0000:01:04.0");
    }

    @Test
    void whoIsInsideTheDriverCannotTakeItsDeviceOutOfUse() {
        pci.register(new TestPciDriver((dev, id) -> pci.remove(dev), PciDeviceId.of(0x1234, 0x11e8)), module);
        settle();
        assertThat(device("01:04.0").lastProbe().errno()).contains(Errno.EDEADLK);
    }

    @Test
    void aRemovalThatIsRefusedHalfWayForgetsWhatItHasTaken() {
        machine.add("01:05.0", 0x1234, 0xbeef);
        machine.plug("01:05.0");
        pci.register(
                new TestPciDriver((dev, id) -> pci.remove(device("00:02.0")), PciDeviceId.of(0x1234, 0x11e8)), module);
        settle();
        assertThat(device("01:04.0").lastProbe().errno()).contains(Errno.EDEADLK);
        assertThat(pci.device(FunctionAddress.parse("01:05.0"))).isEmpty();
        pci.rescan(new CancelToken());
        assertThat(device("01:05.0").isGone()).isFalse();
    }
}
