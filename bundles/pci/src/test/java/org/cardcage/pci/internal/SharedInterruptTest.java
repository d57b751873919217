package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.cardcage.board.Board;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.irq.IrqReturn;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.pci.IrqVectors;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three cards whose pins are wired to the same line, from the pin to the handlers. */
class SharedInterruptTest {

    private static final FunctionAddress FIRST = FunctionAddress.parse("00:04.0");
    private static final FunctionAddress SECOND = FunctionAddress.parse("00:08.0");
    private static final FunctionAddress THIRD = FunctionAddress.parse("00:0c.0");
    private static final int LINE = 11;
    private static final long TWENTY_SECONDS = 20_000_000_000L;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Kernel kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
    private final Board board = Board.pc(scheduler);
    private final PciCore pci = new PciCore(kernel);
    private final TreeMap<String, IoMemory> registers = new TreeMap<>();
    private final TreeMap<String, Integer> asked = new TreeMap<>();
    private final TreeMap<String, IrqVectors> vectors = new TreeMap<>();
    private final List<String> served = new ArrayList<>();
    /** Cards whose handlers are wrong and never feel responsible. */
    private final List<String> deaf = new ArrayList<>();

    private final TestPciDriver driver = TestPciDriver.forTestCard((dev, id) -> probe(dev));
    private PciBus.Registration registration;

    @BeforeEach
    void bindThreeCardsOnOneLine() {
        for (FunctionAddress slot : List.of(FIRST, SECOND, THIRD)) {
            board.plug(slot, TestCard.withLineOnly());
        }
        board.powerOn();
        pci.addMachine(board);
        settle();
        registration = pci.register(driver, new KernelModule("testdrv"));
        settle();
        assertThat(registers).hasSize(3);
    }

    private void probe(PciDevice dev) {
        dev.enable();
        IoMemory register = dev.iomap(0, dev.name());
        registers.put(dev.name(), register);
        vectors.put(dev.name(), dev.allocateVectors(1, 1, PciDevice.INTX));
        dev.requestIrq(vectors.get(dev.name()), () -> serve(dev.name(), register), "drv-" + dev.name());
    }

    private IrqReturn serve(String name, IoMemory register) {
        asked.merge(name, 1, Integer::sum);
        if (deaf.contains(name) || register.read32(0) != 0xff) {
            return IrqReturn.NONE;
        }
        register.write32(0, 0);
        served.add(name);
        return IrqReturn.HANDLED;
    }

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    private void raise(FunctionAddress card) {
        registers.get(card.toString()).write32(0, 0xff);
    }

    private List<String> log() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    @Test
    void everyHandlerIsAskedAndTheOneConcernedServes() {
        raise(SECOND);
        settle();

        assertThat(served).containsExactly(SECOND.toString());
        assertThat(asked.values()).containsExactly(1, 1, 1);
        assertThat(kernel.interrupts().describe())
                .contains(
                        " 11:          1   IO-APIC  11-fasteoi   drv-0000:00:04.0, drv-0000:00:08.0, drv-0000:00:0c.0");
    }

    @Test
    void theNumberOfAFunctionIsThatOfItsLine() {
        assertThat(pci.devices())
                .filteredOn(d -> d.vendor() == TestCard.VENDOR)
                .extracting(PciDevice::irq)
                .containsExactly(LINE, LINE, LINE);
    }

    @Test
    void cardsThatInterruptTogetherAreAllServed() {
        raise(THIRD);
        raise(FIRST);
        raise(SECOND);
        settle();

        assertThat(served).containsExactlyInAnyOrder(FIRST.toString(), SECOND.toString(), THIRD.toString());
        assertThat(board.vectors(FIRST, VectorKind.INTX, 1, 1).asserted(0)).isFalse();
    }

    @Test
    void aPulledCardThatHeldTheLineLetsItGo() {
        deaf.add(FIRST.toString());
        registers.get(FIRST.toString()).write32(0, 0xff);
        board.unplug(FIRST);
        settle();
        int before = asked.get(SECOND.toString()) == null ? 0 : asked.get(SECOND.toString());
        raise(SECOND);
        settle();

        assertThat(served).containsExactly(SECOND.toString());
        assertThat(asked.get(SECOND.toString())).isEqualTo(before + 1);
        assertThat(log()).noneMatch(line -> line.contains("nobody cared"));
    }

    @Test
    void whoLeavesWithTheLineDisabledLeavesItToTheOthers() {
        PciDevice first = pci.device(FIRST).orElseThrow();
        first.disableIrq(vectors.get(first.name()), 0);
        raise(SECOND);
        settle();
        assertThat(served).isEmpty();
        pci.unbind(first, "testdrv");
        settle();
        assertThat(served).containsExactly(SECOND.toString());
    }

    @Test
    void whoHangsWithTheLineDisabledLeavesItToTheOthers() {
        PciDevice first = pci.device(FIRST).orElseThrow();
        first.disableIrq(vectors.get(first.name()), 0);
        List<String> servedMeanwhile = new ArrayList<>();
        driver.onRemove = dev -> {
            long end = scheduler.nanoTime() + TWENTY_SECONDS;
            while (scheduler.nanoTime() < end) {
                scheduler.park("the driver's own loop", end);
            }
            raise(SECOND);
            settle();
            servedMeanwhile.addAll(served);
        };
        pci.unbind(first, "testdrv");
        settle();
        assertThat(servedMeanwhile).containsExactly(SECOND.toString());
    }

    @Test
    void theOthersGoOnWhenOneDriverLeaves() {
        board.unplug(FIRST);
        settle();
        asked.clear();

        raise(THIRD);
        settle();

        assertThat(served).containsExactly(THIRD.toString());
        assertThat(asked).containsOnlyKeys(SECOND.toString(), THIRD.toString());
        assertThat(kernel.interrupts().describe()).doesNotContain("drv-0000:00:04.0");
    }

    @Test
    void aLineThatNobodyAnswersForIsShutOffAndAllItsHandlersAreNamed() {
        deaf.add(SECOND.toString());
        raise(SECOND);
        settle();

        assertThat(log())
                .filteredOn(line -> line.contains("nobody cared"))
                .singleElement()
                .asString()
                .startsWith("irq " + LINE)
                .contains("drv-0000:00:04.0", "drv-0000:00:08.0", "drv-0000:00:0c.0");
        asked.clear();
        raise(FIRST);
        settle();
        assertThat(asked).isEmpty();
    }

    @Test
    void aLineThatWasShutOffWorksAgainOnceItsDriversAreThereAnew() {
        deaf.add(SECOND.toString());
        raise(SECOND);
        settle();
        deaf.clear();
        registration.unregister();
        settle();
        served.clear();

        registers.clear();
        pci.register(TestPciDriver.forTestCard((dev, id) -> probe(dev)), new KernelModule("testdrv"));
        settle();

        assertThat(served).containsExactly(SECOND.toString());
        raise(FIRST);
        settle();
        assertThat(served).containsExactly(SECOND.toString(), FIRST.toString());
    }
}
