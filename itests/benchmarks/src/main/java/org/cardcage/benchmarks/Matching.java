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
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A card that is plugged in, matched by the last entry of an id table, probed and pulled again, with tables of three lengths in turn. On
 * stepped machines, where no thread has to be woken, so that the search stands out.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class Matching {

    private static final int IN_A_ROW = 20;
    private static final FunctionAddress SLOT = new FunctionAddress(0, 0, 2, 0);
    private static final int OTHER_VENDOR = 0x5678;

    /** The medians of one iteration, in nanoseconds. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Times {
        private final Samples one = new Samples();
        private final Samples hundred = new Samples();
        private final Samples tenThousand = new Samples();

        @Setup(Level.Iteration)
        public void begin() {
            one.clear();
            hundred.clear();
            tenThousand.clear();
        }

        public double ids1() {
            return one.median();
        }

        public double ids100() {
            return hundred.median();
        }

        public double ids10000() {
            return tenThousand.median();
        }
    }

    private Desk one;
    private Desk hundred;
    private Desk tenThousand;

    @Setup
    public void load() {
        one = new Desk(1);
        hundred = new Desk(100);
        tenThousand = new Desk(10_000);
    }

    @TearDown
    public void unload() {
        one.close();
        hundred.close();
        tenThousand.close();
    }

    @Benchmark
    public void inTurn(Times times) {
        times.one.take(IN_A_ROW, one::plugAndPull);
        times.hundred.take(IN_A_ROW, hundred::plugAndPull);
        times.tenThousand.take(IN_A_ROW, tenThousand::plugAndPull);
    }

    /** A machine with a free slot and a driver with so many ids. */
    private static final class Desk {
        private final SteppedScheduler scheduler = new SteppedScheduler();
        private final Board board = Board.pc(scheduler);
        private final Kernel kernel =
                new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
        private final PciCore pci = new PciCore(kernel);
        private boolean probed;

        Desk(int ids) {
            board.powerOn();
            pci.addMachine(board);
            pci.register(new Collector(ids), new KernelModule("collector"));
            scheduler.settle(Scheduler.NEVER);
        }

        void plugAndPull() {
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

        void close() {
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
    }
}
