package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kernel.resource.Region;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who has which addresses, behind bridges too. */
class PciResourcesTest {

    private static final PciDeviceId CARD = PciDeviceId.of(0xcafe, 1);

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final ScriptedMachine machine = new ScriptedMachine(scheduler);
    private final PciCore pci = new PciCore(kernel);
    private final KernelModule module = new KernelModule("testdrv");
    private int drivers;
    private final ScriptedMachine.ScriptedFunction bridge = machine.bridge("00:02.0", 0, 1, 2);

    @BeforeEach
    void start() {
        bridge.set(0x1c, 2, 0x1010) // ports 0x1000 to 0x1fff
                .writable(0x20, 0xfff0_fff0)
                .set(0x20, 4, 0xc100_c100) // memory 0xc1000000 to 0xc10fffff
                .set(0x24, 4, 0xc210_c201); // prefetchable 0xc2000000 to 0xc21fffff, 64 bits wide
        machine.add("01:00.0", 0xcafe, 1)
                .bar(0, 0xc100_0000L, 0x1000, 0)
                .bar(1, 0xc200_0000L, 0x1000, 0xc)
                .writable(0x18, -1)
                .set(0x1c, 4, 0x1041)
                .writable(0x1c, 0xffe0)
                .set(0x30, 4, 0xc101_0000)
                .writable(0x30, 0xffff_0001);
        machine.add("00:03.0", 0xcafe, 2).bar(0, 0xc000_0000L, 0x1000, 0);
        pci.addMachine(machine);
        settle();
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    private PciDevice card() {
        return pci.device(FunctionAddress.parse("01:00.0")).orElseThrow();
    }

    private List<String> log() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    private void probe(TestPciDriver.Probe probe) {
        pci.register(new TestPciDriver(probe, CARD).named(drivers++ == 0 ? "testdrv" : "other"), module);
        settle();
    }

    @Test
    void memoryIsShownAsLinuxShowsIt() {
        probe((dev, id) -> dev.iomap(0, "testdrv"));
        assertThat(kernel.proc().read("iomem").orElseThrow()).isEqualTo("""
                        00000000-000fffff : System RAM
                        c0000000-cfffffff : PCI Bus 0000:00
                          c0000000-c0000fff : 0000:00:03.0
                          c1000000-c10fffff : PCI Bus 0000:01
                            c1000000-c1000fff : 0000:01:00.0
                              c1000000-c1000fff : testdrv
                            c1010000-c101ffff : 0000:01:00.0
                          c2000000-c21fffff : PCI Bus 0000:01
                            c2000000-c2000fff : 0000:01:00.0
                        """);
    }

    @Test
    void portsAreShownAsLinuxShowsThem() {
        probe((dev, id) -> dev.requestRegions("testdrv"));
        assertThat(kernel.proc().read("ioports").orElseThrow()).isEqualTo("""
                        1000-1fff : PCI Bus 0000:00
                          1000-1fff : PCI Bus 0000:01
                            1040-105f : 0000:01:00.0
                              1040-105f : testdrv
                        """);
    }

    @Test
    void windowsAreSaidInTheLogAsByLinux() {
        assertThat(log())
                .containsSubsequence(
                        "pci: PCI host bridge to bus 0000:00",
                        "pci_bus 0000:00: root bus resource [io  0x1000-0x1fff window]",
                        "pci_bus 0000:00: root bus resource [mem 0xc0000000-0xcfffffff window]",
                        "pci_bus 0000:00: root bus resource [bus 00-ff]",
                        "pci 0000:00:02.0: [1b36:0001] type 01 class 0x060400",
                        "pci 0000:01:00.0: BAR 1 [mem 0xc2000000-0xc2000fff 64bit pref]",
                        "pci 0000:01:00.0: BAR 3 [io  0x1040-0x105f]",
                        "pci 0000:01:00.0: ROM [mem 0xc1010000-0xc101ffff pref]",
                        "pci 0000:00:02.0: PCI bridge to [bus 01-02]",
                        "pci 0000:00:02.0:   bridge window [io  0x1000-0x1fff]",
                        "pci 0000:00:02.0:   bridge window [mem 0xc1000000-0xc10fffff]",
                        "pci 0000:00:02.0:   bridge window [mem 0xc2000000-0xc21fffff 64bit pref]");
    }

    @Test
    void aRegionThatSomebodyHasIsBusyAndTheOthersAreGivenBack() {
        Region taken =
                kernel.addressSpaces().of(machine).memory().request(new AddressRange(0xc200_0800L, 0x100), "eduhog");
        probe((dev, id) -> dev.requestRegions("testdrv"));
        assertThat(card().lastProbe().errno()).contains(Errno.EBUSY);
        assertThat(card().lastProbe().reason())
                .contains("BAR 1 of 0000:01:00.0")
                .endsWith("belongs to eduhog");
        assertThat(log()).contains("testdrv 0000:01:00.0: BAR 1: can't reserve [mem 0xc2000000-0xc2000fff 64bit pref]");
        assertThat(kernel.addressSpaces().describeMemory()).doesNotContain(": testdrv");
        taken.release();
        probe((dev, id) -> dev.requestRegions("testdrv"));
        assertThat(card().driver()).isPresent();
    }

    @Test
    void aRegionCanBeGivenBackAndTakenAgain() {
        probe((dev, id) -> {
            dev.requestRegion(0, "first");
            dev.releaseRegion(0);
            dev.releaseRegion(0);
            dev.requestRegion(0, "second");
        });
        assertThat(card().driver()).isPresent();
        assertThat(kernel.addressSpaces().describeMemory())
                .contains(": second\n")
                .doesNotContain(": first");
    }

    @Test
    void whatIsRequestedAndReleasedAgainAndAgainLeavesNothingBehind() {
        probe((dev, id) -> {
            for (int i = 0; i < 100; i++) {
                dev.requestRegions("testdrv");
                dev.bars().forEach(bar -> dev.releaseRegion(bar.bar()));
            }
            dev.requestRegion(0, "testdrv");
            assertThat(dev.resources().held()).hasToString("[region of BAR 0]");
        });
        assertThat(card().driver()).isPresent();
    }

    @Test
    void bridgesWhoseWindowsFirmwareHasExchangedKeepWhatIsInsideThem() {
        ScriptedMachine.ScriptedFunction second = machine.bridge("00:04.0", 0, 3, 4)
                .writable(0x20, 0xfff0_fff0)
                .set(0x20, 4, 0xc300_c300); // memory 0xc3000000 to 0xc30fffff
        machine.bridge("03:00.0", 3, 4, 4).writable(0x20, 0xfff0_fff0).set(0x20, 4, 0xc300_c300);
        machine.add("04:00.0", 0xcafe, 4).bar(0, 0xc300_0000L, 0x1000, 0);
        machine.plug("00:04.0");
        settle();
        assertThat(kernel.addressSpaces().describeMemory()).contains("c3000000-c3000fff : 0000:04:00.0\n");
        // cards that move go and come back, which is said before the windows are
        machine.pull("01:00.0");
        machine.pull("04:00.0");
        bridge.set(0x20, 4, 0xc300_c300);
        second.set(0x20, 4, 0xc100_c100);
        machine.bridge("03:00.0", 3, 4, 4).set(0x20, 4, 0xc100_c100);
        machine.add("04:00.0", 0xcafe, 4).bar(0, 0xc100_0000L, 0x1000, 0);
        machine.moveWindows("00:02.0");
        machine.plug("04:00.0");
        settle();
        assertThat(kernel.addressSpaces().describeMemory())
                .contains("  c1000000-c10fffff : PCI Bus 0000:03\n"
                        + "    c1000000-c10fffff : PCI Bus 0000:04\n"
                        + "      c1000000-c1000fff : 0000:04:00.0\n"
                        + "  c2000000-c21fffff : PCI Bus 0000:01\n"
                        + "  c3000000-c30fffff : PCI Bus 0000:01\n");
    }

    @Test
    void aBusInResetIsNotLookedAtBeforeTheResetIsOver() {
        machine.add("01:01.0", 0xcafe, 5).bar(0, 0xc100_2000L, 0x1000, 0);
        FunctionAddress late = FunctionAddress.parse("01:01.0");
        PciFunction above =
                pci.topology().function(FunctionAddress.parse("00:02.0")).orElseThrow();
        above.attached().whileInReset(above, () -> {
            machine.plug("01:01.0");
            pci.rescan(new CancelToken());
            assertThat(pci.device(late)).isEmpty();
        });
        settle();
        assertThat(pci.device(late)).isPresent();
        assertThat(card().isGone()).isFalse();
    }

    @Test
    void enableSwitchesTheBridgesAboveOnAsWell() {
        probe((dev, id) -> {
            dev.enable();
            dev.enable();
        });
        assertThat(bridge.peek(4, 2)).isEqualTo(0x7);
        assertThat(card().readConfig(4, 2)).isEqualTo(0x3);
        assertThat(log()).containsOnlyOnce("testdrv 0000:01:00.0: enabling device (0000 -> 0003)");
        assertThat(card().upstreamBridge())
                .contains(pci.device(FunctionAddress.parse("00:02.0")).orElseThrow());
    }

    @Test
    void theRomDecodesOnlyWhileItIsMapped() {
        probe((dev, id) -> dev.mapRom());
        assertThat(card().rom())
                .hasValueSatisfying(rom -> assertThat(rom.length()).isEqualTo(0x1_0000));
        assertThat(card().readConfig(0x30, 4)).isEqualTo(0xc101_0001);
        pci.unbind(card(), "testdrv");
        settle();
        assertThat(card().readConfig(0x30, 4)).isEqualTo(0xc101_0000);
    }

    @Test
    void aPulledBridgeTakesAllBehindItAlongAndGivesTheAddressesBack() {
        probe((dev, id) -> dev.iomap(0, "testdrv"));
        machine.pull("00:02.0");
        settle();
        assertThat(pci.devices()).extracting(PciDevice::name).containsExactly("0000:00:03.0");
        assertThat(kernel.addressSpaces().describeMemory()).isEqualTo("""
                        00000000-000fffff : System RAM
                        c0000000-cfffffff : PCI Bus 0000:00
                          c0000000-c0000fff : 0000:00:03.0
                        """);
    }

    @Test
    void aCardThatIsPluggedBehindABridgeFindsTheWindowThatFirmwareHasMadeWider() {
        bridge.set(0x20, 4, 0xc110_c100);
        machine.add("01:01.0", 0xcafe, 3).bar(0, 0xc110_0000L, 0x1000, 0);
        machine.plug("01:01.0");
        settle();
        PciDevice late = pci.device(FunctionAddress.parse("01:01.0")).orElseThrow();
        assertThat(late.bars()).allMatch(PciResource::isAssigned);
        assertThat(kernel.addressSpaces().describeMemory())
                .contains("  c1000000-c11fffff : PCI Bus 0000:01\n    c1000000-c1000fff : 0000:01:00.0\n");
    }

    @Test
    void twoDomainsWithTheSameBusNumbersAreApart() {
        ScriptedMachine other = new ScriptedMachine(scheduler);
        other.host(1, 0, 0xff, 0xd000_0000L);
        other.add("1:00:03.0", 0xcafe, 2).bar(0, 0xd000_0000L, 0x1000, 0);
        pci.removeMachine(machine);
        pci.addMachine(other);
        settle();
        assertThat(pci.devices()).extracting(PciDevice::name).containsExactly("0001:00:03.0");
        assertThat(kernel.addressSpaces().describeMemory()).contains("  d0000000-d0000fff : 0001:00:03.0\n");
    }

    @Test
    void aWindowThatFirmwareHasClosedIsNobodys() {
        machine.pull("01:00.0");
        settle();
        assertThat(kernel.addressSpaces().describePorts()).contains("PCI Bus 0000:01");
        bridge.set(0x1c, 2, 0x00f0);
        machine.add("01:01.0", 0xcafe, 3);
        machine.plug("01:01.0");
        settle();
        assertThat(kernel.addressSpaces().describePorts()).doesNotContain("PCI Bus 0000:01");
    }
}
