package org.cardcage.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cardcage.device.DeviceModel;
import org.cardcage.edu.device.EduDevice;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.cardcage.test.device.TestDevice;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * A driver's access to a 32-bit register through its mapping, beside the same method of the model called virtually. Four
 * classes of models are loaded and in use; each thread drives cards of its own on the one board.
 *
 * <p>The option of the JVM keeps it from guessing that the class which it has seen most often while it compiled is the one
 * to come: else it would inline one of the two calls and not the other, as chance has it.
 */
@Fork(jvmArgsAppend = {"-XX:+IgnoreUnrecognizedVMOptions", "-XX:TypeProfileMajorReceiverPercent=100"})
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class RegisterAccess {

    static final int CLASSES = 4;
    private static final int THREADS = 2;
    /** A register that all the cards have: a cell without side effects. */
    private static final int REGISTER = 4;
    /** Enough to make every class known to the compiler at the calls that are measured. */
    private static final int IN_USE = 20_000;

    private final Map<FunctionAddress, IoMemory> mappings = new ConcurrentHashMap<>();
    private List<DeviceModel> models;
    private Rig rig;

    @Setup
    public void load() {
        models = IntStream.range(0, THREADS)
                .boxed()
                .flatMap(thread -> Stream.of(new EduDevice(), new Cell.OfField(), new Cell.OfArray(), new TestDevice()))
                .toList();
        rig = new Rig(models);
        rig.load(new Mapper());
    }

    @TearDown
    public void unload() {
        rig.close();
    }

    /** Maps BAR 0 of whatever there is. */
    private final class Mapper implements PciDriver {
        @Override
        public List<PciDeviceId> idTable() {
            return List.of(new PciDeviceId(Cell.VENDOR, PciDeviceId.ANY, PciDeviceId.ANY, PciDeviceId.ANY, 0, 0, 0));
        }

        @Override
        public void probe(PciDevice dev, PciDeviceId id) {
            dev.enable();
            mappings.put(dev.address(), dev.iomap(0, "benchmark"));
        }

        @Override
        public void remove(PciDevice dev) {
            mappings.remove(dev.address());
        }
    }

    /** What one thread works on. */
    @State(Scope.Thread)
    public static class Own {
        private final IoMemory[] handles = new IoMemory[CLASSES];
        private final DeviceModel[] models = new DeviceModel[CLASSES];
        private int turn;

        @Setup
        public void choose(RegisterAccess all, ThreadParams thread) {
            int first = thread.getThreadIndex() % THREADS * CLASSES;
            for (int i = 0; i < CLASSES; i++) {
                handles[i] = all.mappings.get(Rig.slot(first + i));
                models[i] = all.models.get(first + i);
            }
        }

        /** All classes stay in use, whatever is measured. */
        @Setup(Level.Iteration)
        public void use() {
            for (int i = 0; i < IN_USE * CLASSES; i++) {
                write(handles[i % CLASSES], i);
                writeModel(models[i % CLASSES], i + read(handles[i % CLASSES]) + readModel(models[i % CLASSES]));
            }
        }

        private int next() {
            return turn++ & CLASSES - 1;
        }
    }

    private static int read(IoMemory handle) {
        return handle.read32(REGISTER);
    }

    private static int readModel(DeviceModel model) {
        return (int) model.read(0, REGISTER, 4);
    }

    private static void write(IoMemory handle, int value) {
        handle.write32(REGISTER, value);
    }

    private static void writeModel(DeviceModel model, int value) {
        model.write(0, REGISTER, 4, value & 0xffff_ffffL);
    }

    @Benchmark
    public int read(Own own) {
        return read(own.handles[1]);
    }

    @Benchmark
    public int readModel(Own own) {
        return readModel(own.models[1]);
    }

    @Benchmark
    public void write(Own own) {
        write(own.handles[1], own.turn++);
    }

    @Benchmark
    public void writeModel(Own own) {
        writeModel(own.models[1], own.turn++);
    }

    @Benchmark
    public int readEdu(Own own) {
        return read(own.handles[0]);
    }

    @Benchmark
    public int readEduModel(Own own) {
        return readModel(own.models[0]);
    }

    @Benchmark
    public int readInTurn(Own own) {
        return read(own.handles[own.next()]);
    }

    @Benchmark
    public int readModelInTurn(Own own) {
        return readModel(own.models[own.next()]);
    }

    @Benchmark
    public void writeInTurn(Own own) {
        int card = own.next();
        write(own.handles[card], card);
    }

    @Benchmark
    public void writeModelInTurn(Own own) {
        int card = own.next();
        writeModel(own.models[card], card);
    }
}
