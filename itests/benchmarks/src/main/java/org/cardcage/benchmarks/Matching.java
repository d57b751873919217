package org.cardcage.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cardcage.board.Board;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.internal.PciCore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A card that is plugged in, matched by the last entry of a long id table, probed and pulled again. On a stepped machine,
 * where no thread has to be woken, so that the search stands out.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class Matching {

    private static final FunctionAddress SLOT = new FunctionAddress(0, 0, 2, 0);
    private static final int OTHER_VENDOR = 0x5678;

    @Param({"1", "100", "10000"})
    int size;

    private SteppedScheduler scheduler;
    private Board board;
    private Kernel kernel;
    private PciCore pci;
    private boolean probed;

    @Setup
    public void load() {
        scheduler = new SteppedScheduler();
        board = Board.pc(scheduler);
        board.powerOn();
        kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
        pci = new PciCore(kernel);
        pci.addMachine(board);
        pci.register(new Collector(size), new KernelModule("collector"));
        scheduler.settle(Scheduler.NEVER);
    }

    @TearDown
    public void unload() {
        kernel.close();
        pci.close();
        board.close();
    }

    private final class Collector implements PciDriver {
        private final List<PciDeviceId> ids = new ArrayList<>();

        Collector(int count) {
            for (int i = 1; i < count; i++) {
                ids.add(PciDeviceId.of(OTHER_VENDOR, i));
            }
            ids.add(PciDeviceId.of(Cell.VENDOR, Cell.OF_FIELD));
        }

        @Override
        public List<PciDeviceId> idTable() {
            return ids;
        }

        @Override
        public void probe(PciDevice dev, PciDeviceId id) {
            probed = true;
        }

        @Override
        public void remove(PciDevice dev) {
            probed = false;
        }
    }

    @Benchmark
    public void plugAndPull() {
        board.plug(SLOT, new Cell.OfField());
        settle(true);
        board.unplug(SLOT);
        settle(false);
    }

    private void settle(boolean bound) {
        scheduler.settle(Scheduler.NEVER);
        if (probed != bound) {
            throw new IllegalStateException("a card that is " + (bound ? "in" : "out") + " was not noticed");
        }
    }
}
