package org.cardcage.benchmarks;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.cardcage.board.Board;
import org.cardcage.firmware.Firmware;
import org.cardcage.kernel.Kernel;
import org.cardcage.kmod.Kmod;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.LiveScheduler;
import org.cardcage.machine.Scheduler;
import org.cardcage.pci.internal.PciCore;
import org.cardcage.shell.internal.command.Invocation;
import org.cardcage.shell.internal.command.ShellState;
import org.cardcage.shell.internal.lspci.Lspci;
import org.cardcage.shell.internal.lspci.function.PciIds;
import org.cardcage.vfs.Credentials;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** {@code lspci} in a machine of many functions, with names where the system has them. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class Listing {

    private static final Path NAMES = Path.of("/usr/share/misc/pci.ids");

    @Param({"100", "500"})
    int size;

    private final Faults faults = new Faults();
    private LiveScheduler scheduler;
    private Board board;
    private Kernel kernel;
    private PciCore pci;
    private Lspci lspci;

    @Setup
    public void build() throws IOException, InterruptedException {
        scheduler = new LiveScheduler("benchmark", faults);
        board = Crowd.board(scheduler, size);
        new Firmware(board, message -> {
                    throw new IllegalStateException(message);
                })
                .run();
        kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
        pci = new PciCore(kernel);
        pci.addMachine(board);
        scheduler.settle(Scheduler.NEVER);
        PciIds names = names();
        lspci = new Lspci(pci, noModules(), null, () -> names);
    }

    private static PciIds names() throws IOException {
        if (!Files.exists(NAMES)) {
            return PciIds.EMPTY;
        }
        try (Reader text = Files.newBufferedReader(NAMES)) {
            return PciIds.parse(text);
        }
    }

    private static Kmod noModules() {
        return (Kmod) Proxy.newProxyInstance(
                Kmod.class.getClassLoader(), new Class<?>[] {Kmod.class}, (proxy, method, arguments) -> Set.of());
    }

    /** All that {@code lspci} asks its shell is who it is. */
    private static ShellState root() {
        return (ShellState) Proxy.newProxyInstance(
                ShellState.class.getClassLoader(),
                new Class<?>[] {ShellState.class},
                (proxy, method, arguments) -> Credentials.ROOT);
    }

    @TearDown
    public void scrap() throws InterruptedException {
        kernel.close();
        pci.close();
        scheduler.settle(Scheduler.NEVER);
        board.close();
        scheduler.close();
        faults.check();
    }

    /** Plain, one line each. */
    @Benchmark
    public int list() throws IOException {
        return run(List.of());
    }

    /** All registers decoded. */
    @Benchmark
    public int listVerbose() throws IOException {
        return run(List.of("-vv"));
    }

    private int run(List<String> arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Invocation call = new Invocation(
                "lspci",
                arguments,
                new ByteArrayInputStream(new byte[0]),
                out,
                new PrintStream(out, true),
                root(),
                OptionalInt.empty());
        if (lspci.run(call) != 0) {
            throw new IllegalStateException(out.toString());
        }
        call.out().flush();
        if (out.size() < size) {
            throw new IllegalStateException("lspci has printed " + out.size() + " bytes");
        }
        return out.size();
    }
}
