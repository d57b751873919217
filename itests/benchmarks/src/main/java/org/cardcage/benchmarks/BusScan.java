package org.cardcage.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cardcage.board.Board;
import org.cardcage.firmware.Firmware;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.Scheduler;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.internal.PciCore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A kernel that takes a machine of many functions into use: finding them, and probing them all. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class BusScan {

    @Param({"1", "100", "500", "1000", "10000"})
    int size;

    private final Faults faults = new Faults();
    private LiveScheduler scheduler;
    private Board board;
    private Kernel kernel;
    private PciCore pci;
    private volatile int probed;

    @Setup
    public void build() {
        scheduler = new LiveScheduler("benchmark", faults);
        board = Crowd.board(scheduler, size);
        new Firmware(board, message -> {
                    throw new IllegalStateException(message);
                })
                .run();
    }

    @TearDown
    public void scrap() {
        board.close();
        scheduler.close();
        faults.check();
    }

    @Setup(Level.Invocation)
    public void boot() {
        kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
        pci = new PciCore(kernel);
        probed = 0;
    }

    @TearDown(Level.Invocation)
    public void shutDown() throws InterruptedException {
        kernel.close();
        pci.close();
        scheduler.settle(Scheduler.NEVER);
    }

    /** Takes whatever there is, and nothing of it. */
    private final class Counter implements PciDriver {
        @Override
        public List<PciDeviceId> idTable() {
            return List.of(PciDeviceId.of(Cell.VENDOR, Cell.OF_FIELD));
        }

        @Override
        public void probe(PciDevice dev, PciDeviceId id) {
            count();
        }

        @Override
        public void remove(PciDevice dev) {
            // it has taken nothing
        }
    }

    private synchronized void count() {
        probed++;
    }

    @Benchmark
    public void scan() throws InterruptedException {
        pci.addMachine(board);
        scheduler.settle(Scheduler.NEVER);
        if (pci.devices().size() < size) {
            throw new IllegalStateException("found " + pci.devices().size());
        }
    }

    @Benchmark
    public void scanAndProbe() throws InterruptedException {
        pci.register(new Counter(), new KernelModule("counter"));
        scan();
        if (probed != size) {
            throw new IllegalStateException("probed " + probed);
        }
    }
}
