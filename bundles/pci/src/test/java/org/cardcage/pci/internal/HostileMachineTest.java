package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.cardcage.kernel.Kernel;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever stands in configuration space: enumeration ends, says what is wrong, and the rest works. */
class HostileMachineTest {

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final ScriptedMachine machine = new ScriptedMachine(scheduler);
    private final PciCore pci = new PciCore(kernel);

    private List<String> scan() {
        machine.add("00:1f.0", 0xcafe, 0xf00d).bar(0, 0xcff0_0000L, 0x1000, 0);
        pci.addMachine(machine);
        scheduler.settle(Scheduler.NEVER);
        return log();
    }

    private List<String> log() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    /** The last function of the root bus is always found and works. */
    @AfterEach
    void theRestWorks() {
        PciDevice last = device("00:1f.0");
        last.enable();
        assertThat(last.bars()).hasSize(1);
        assertThat(last.readConfig(4, 2) & 2).isEqualTo(2);
        assertThat(kernel.addressSpaces().describeMemory()).contains("cff00000-cff00fff : 0000:00:1f.0\n");
    }

    private PciDevice device(String address) {
        return pci.device(FunctionAddress.parse(address)).orElseThrow();
    }

    private List<String> names() {
        return pci.devices().stream().map(PciDevice::name).toList();
    }

    @Test
    void aCapabilityListThatLoopsIsSearchedOnceAround() {
        machine.add("00:03.0", 1, 2)
                .set(0x06, 2, 0x10)
                .set(0x34, 1, 0x40)
                .set(0x40, 2, 0x5005)
                .set(0x50, 2, 0x4001);
        assertThat(scan()).contains("pci 0000:00:03.0: capability list loops back to 0x40; the rest of it is ignored");
        assertThat(device("00:03.0").findCapability(1)).hasValue(0x50);
        assertThat(device("00:03.0").findCapability(0x11)).isEmpty();
    }

    @Test
    void aCapabilityListIntoTheHeaderOrIntoNothingEnds() {
        machine.add("00:03.0", 1, 2).set(0x06, 2, 0x10).set(0x34, 1, 0x10);
        machine.add("00:04.0", 1, 2).set(0x06, 2, 0x10).set(0x34, 1, 0x80).set(0x80, 2, 0xffff);
        assertThat(scan())
                .contains(
                        "pci 0000:00:03.0: capability list leads into the header at 0x10; the rest of it is ignored",
                        "pci 0000:00:04.0: capability list ends at 0x80, where nothing answers; the rest of it is ignored");
        assertThat(device("00:03.0").findCapability(5)).isEqualTo(OptionalInt.empty());
    }

    @Test
    void anExtendedCapabilityListThatLoopsIsSearchedOnceAround() {
        machine.add("00:03.0", 1, 2)
                .set(0x06, 2, 0x10)
                .set(0x34, 1, 0x40)
                .set(0x40, 4, 0x0002_0010)
                .set(0x100, 4, 0x2001_0001)
                .set(0x200, 4, 0x1001_0003);
        assertThat(scan())
                .contains("pci 0000:00:03.0: extended capability list loops back to 0x100; the rest of it is ignored");
        assertThat(device("00:03.0").configSize()).isEqualTo(4096);
        assertThat(device("00:03.0").findExtendedCapability(3)).hasValue(0x200);
        assertThat(device("00:03.0").findExtendedCapability(9)).isEmpty();
    }

    @Test
    void bridgesThatNameThemselvesOrEarlierBusesGetTheNextFreeNumbersAsFarAsThereAreAny() {
        ScriptedMachine.ScriptedFunction unnumbered = machine.bridge("00:02.0", 0, 0, 0);
        machine.bridge("00:03.0", 0, 1, 2);
        machine.bridge("01:00.0", 1, 1, 1);
        machine.bridge("01:01.0", 1, 0, 5);
        machine.bridge("01:02.0", 7, 2, 2);
        machine.add("02:00.0", 1, 2);
        ScriptedMachine.ScriptedFunction upsideDown = machine.bridge("00:04.0", 0, 9, 3);
        machine.add("03:00.0", 1, 2);
        machine.add("04:00.0", 1, 2);
        List<String> log = scan();
        assertThat(log)
                .contains(
                        "pci 0000:01:00.0: bridge configuration invalid ([bus 01]), reconfiguring",
                        "pci 0000:01:01.0: bridge configuration invalid ([bus 00-05]), reconfiguring",
                        "pci 0000:01:02.0: bridge configuration invalid ([bus 02]), reconfiguring",
                        "pci 0000:00:04.0: bridge configuration invalid ([bus 09-03]), reconfiguring",
                        "pci 0000:01:01.0: No bus number available for what is behind it",
                        "pci 0000:01:02.0: No bus number available for what is behind it",
                        "pci 0000:00:02.0: PCI bridge to [bus 03]",
                        "pci 0000:00:04.0: PCI bridge to [bus 04]");
        assertThat(names()).hasSize(10).doesNotHaveDuplicates();
        assertThat(unnumbered.peek(0x18, 4)).isEqualTo(0x0003_0300);
        assertThat(upsideDown.peek(0x18, 4)).isEqualTo(0x0004_0400);
    }

    @Test
    void twoBridgesWithTheSameBusesShareNothing() {
        machine.bridge("00:02.0", 0, 1, 3);
        ScriptedMachine.ScriptedFunction second = machine.bridge("00:03.0", 0, 2, 2);
        machine.add("01:00.0", 1, 2);
        machine.add("02:00.0", 1, 2);
        machine.add("04:00.0", 1, 2);
        assertThat(scan())
                .contains("pci 0000:00:03.0: bridge configuration invalid ([bus 02] overlaps [bus 01-03] of"
                        + " 0000:00:02.0), reconfiguring");
        assertThat(names())
                .containsExactly("0000:00:02.0", "0000:00:03.0", "0000:00:1f.0", "0000:01:00.0", "0000:04:00.0");
        assertThat(second.peek(0x18, 4)).isEqualTo(0x0004_0400);
    }

    @Test
    void aBridgeThatClaimsMoreBusesThanItsParentHasGetsThoseOfItsParent() {
        machine.bridge("00:02.0", 0, 1, 2);
        machine.bridge("01:00.0", 1, 2, 0xff);
        machine.bridge("02:00.0", 2, 3, 0xff);
        machine.add("03:00.0", 1, 2);
        assertThat(scan())
                .contains(
                        "pci 0000:01:00.0: bridge has subordinate ff but max busn 02",
                        "pci 0000:02:00.0: bridge configuration invalid ([bus 03-ff]), reconfiguring",
                        "pci 0000:02:00.0: No bus number available for what is behind it");
        assertThat(names()).hasSize(4).doesNotContain("0000:03:00.0");
    }

    @Test
    void aNestOfBridgesWithoutNumbersIsNumberedDepthFirst() {
        ScriptedMachine.ScriptedFunction outer = machine.bridge("00:02.0", 0, 0, 0);
        ScriptedMachine.ScriptedFunction inner = machine.bridge("01:00.0", 0, 0, 0);
        ScriptedMachine.ScriptedFunction later = machine.bridge("00:03.0", 0, 0, 0);
        machine.add("02:05.0", 1, 2);
        scan();
        assertThat(outer.peek(0x18, 4)).isEqualTo(0x0002_0100);
        assertThat(inner.peek(0x18, 4)).isEqualTo(0x0002_0201);
        assertThat(later.peek(0x18, 4)).isEqualTo(0x0003_0300);
        assertThat(names()).contains("0000:02:05.0");
    }

    @Test
    void aBridgeWhoseBusNumbersCannotBeChangedIsNotLookedBehind() {
        machine.bridge("00:02.0", 0, 9, 3).writable(0x18, 0);
        machine.add("01:00.0", 1, 2);
        assertThat(scan()).contains("pci 0000:00:02.0: bus numbers cannot be changed, what is behind it is left out");
        assertThat(names()).containsExactly("0000:00:02.0", "0000:00:1f.0");
    }

    @Test
    void barsThatCannotBeSizedAreLeftOut() {
        machine.add("00:03.0", 1, 2)
                .set(0x10, 4, -1) // all ones whatever is written
                .set(0x14, 4, 0xd000_0000) // fixed
                .set(0x18, 4, 0x8) // size zero
                .bar(3, 0xc010_0000L, 0x1000, 0);
        assertThat(scan())
                .contains(
                        "pci 0000:00:03.0: [Firmware Bug]: BAR 0: invalid; can't size",
                        "pci 0000:00:03.0: [Firmware Bug]: BAR 1: invalid; can't size",
                        "pci 0000:00:03.0: BAR 3 [mem 0xc0100000-0xc0100fff]");
        assertThat(device("00:03.0").bars()).extracting(PciResource::bar).containsExactly(3);
    }

    @Test
    void aBarThatLiesInAnotherOneOrOutsideAllWindowsIsUnassigned() {
        machine.add("00:02.0", 1, 2).bar(0, 0xcfe0_0000L, 0x10_0000, 0);
        machine.add("00:03.0", 1, 2).bar(0, 0xcfe0_0000L, 0x1000, 0).bar(1, 0x4000_0000L, 0x1000, 0);
        assertThat(scan())
                .contains(
                        "pci 0000:00:03.0: BAR 0 [mem 0xcfe00000-0xcfe00fff]: can't claim; 0xcfe00000-0xcfe00fff is"
                                + " taken: 0xcfe00000-0xcfefffff belongs to 0000:00:02.0",
                        "pci 0000:00:03.0: BAR 1 [mem 0x40000000-0x40000fff]: can't claim; no compatible bridge window");
        assertThat(device("00:03.0").bars()).hasSize(2).noneMatch(PciResource::isAssigned);
    }

    @Test
    void garbageHeaderTypesAreIgnored() {
        machine.add("00:02.0", 0, 0).garbage(0x5a);
        machine.add("00:03.0", 1, 2).set(0x0e, 1, 0x83).set(0x09, 4, 0x0200_0000);
        machine.add("00:03.1", 1, 2);
        machine.add("00:04.0", 1, 2).set(0x0a, 2, 0x0604);
        assertThat(scan())
                .contains(
                        "pci 0000:00:02.0: unknown header type 5a, ignoring device",
                        "pci 0000:00:03.0: unknown header type 03, ignoring device",
                        "pci 0000:00:04.0: ignoring class 0x060400 (doesn't match header type 00)");
        assertThat(names()).containsExactly("0000:00:04.0", "0000:00:1f.0");
        assertThat(device("00:04.0").classCode()).isZero();
    }

    @Test
    void emptySlotsOfBrokenBoardsAreEmpty() {
        machine.add("00:02.0", 0, 0);
        machine.add("00:03.0", 0xffff, 0);
        machine.add("00:04.0", 0, 0xffff);
        scan();
        assertThat(names()).containsExactly("0000:00:1f.0");
    }

    @Test
    void aDeviceThatVanishesBetweenAnyTwoReadsIsLeftOut() {
        int reads = countReads();
        assertThat(reads).isGreaterThan(20);
        for (int n = 1; n < reads; n++) {
            SteppedScheduler time = new SteppedScheduler();
            Kernel other = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, time::nanoTime), time);
            ScriptedMachine broken = new ScriptedMachine(time);
            fullBridge(broken).vanishAfter(n);
            broken.add("00:1f.0", 0xcafe, 0xf00d);
            PciCore core = new PciCore(other);
            core.addMachine(broken);
            time.settle(Scheduler.NEVER);
            assertThat(core.devices()).extracting(PciDevice::name).contains("0000:00:1f.0");
        }
        scan();
    }

    private static ScriptedMachine.ScriptedFunction fullBridge(ScriptedMachine on) {
        return on.bridge("00:02.0", 0, 1, 1)
                .set(0x06, 2, 0x10)
                .set(0x34, 1, 0x40)
                .set(0x40, 4, 0x0042_0010)
                .bar(0, 0xc000_0000L, 0x1000, 0);
    }

    private int countReads() {
        SteppedScheduler time = new SteppedScheduler();
        ScriptedMachine whole = new ScriptedMachine(time);
        ScriptedMachine.ScriptedFunction bridge = fullBridge(whole);
        PciCore core = new PciCore(new Kernel(new KernelLog(), time));
        core.addMachine(whole);
        time.settle(Scheduler.NEVER);
        assertThat(core.devices()).hasSize(1);
        return bridge.reads;
    }

    @Test
    void aFunctionCostsTheSameHoweverManyThereAre() {
        int few = readsPerFunction(2);
        assertThat(readsPerFunction(30)).isLessThanOrEqualTo(few);
        scan();
    }

    /** Buses full of functions behind bridges; how often each is read on the average. */
    private static int readsPerFunction(int buses) {
        SteppedScheduler time = new SteppedScheduler();
        ScriptedMachine large = new ScriptedMachine(time);
        int total = 0;
        for (int bus = 1; bus <= buses; bus++) {
            large.bridge(String.format("00:%02x.0", bus), 0, bus, bus);
            for (int slot = 0; slot < 32; slot++) {
                large.add(String.format("%02x:%02x.0", bus, slot), 0xcafe, 1);
                total++;
            }
        }
        PciCore core = new PciCore(new Kernel(new KernelLog(), time));
        core.addMachine(large);
        time.settle(Scheduler.NEVER);
        assertThat(core.devices()).hasSize(total + buses);
        return large.reads() / total;
    }
}
