package org.cardcage.edu.driver;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cardcage.board.Board;
import org.cardcage.edu.device.EduDevice;
import org.cardcage.edu.device.EduOptions;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kernel.module.ModuleParameters;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.internal.PciCore;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.Vfs;

/** A machine with its kernel, made with {@code new}, and the few tools that a test needs on it. */
final class Lab implements AutoCloseable {

    static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");

    final Scheduler scheduler;
    final Kernel kernel;
    final Board board;
    final PciCore pci;
    final Vfs vfs;
    final KernelModule module = new KernelModule("edu");

    Lab(Scheduler scheduler) {
        this.scheduler = scheduler;
        kernel = new Kernel(new KernelLog(KernelLog.DEFAULT_CAPACITY, scheduler::nanoTime), scheduler);
        board = Board.pc(scheduler);
        pci = new PciCore(kernel);
        vfs = new Vfs(kernel);
    }

    /** Cards with these options in slot 4 and those behind it; power. */
    Lab withCards(EduOptions... options) throws InterruptedException {
        for (int card = 0; card < options.length; card++) {
            board.plug(new FunctionAddress(0, 0, SLOT.device() + card, 0), new EduDevice(options[card]));
        }
        board.powerOn();
        pci.addMachine(board);
        settle();
        return this;
    }

    /** The same, but the machine offers no message-signalled interrupts, as some do not. */
    Lab withCardOnTheLineOnly(EduOptions options) throws InterruptedException {
        board.plug(SLOT, new EduDevice(options));
        board.powerOn();
        pci.addMachine((Machine) Proxy.newProxyInstance(
                Lab.class.getClassLoader(), new Class<?>[] {Machine.class}, this::withoutMessages));
        settle();
        return this;
    }

    private Object withoutMessages(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("vectors") && arguments[1] != VectorKind.INTX) {
            throw new UnsupportedOperationException("no messages here");
        }
        try {
            return method.invoke(board, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** What {@code insmod} does with these parameters. */
    PciBus.Registration insmod(Map<String, String> parameters) throws InterruptedException {
        EduDriver driver = new EduDriver(ModuleParameters.of(EduDriver.class, parameters));
        PciBus.Registration registration = pci.register(driver, module);
        settle();
        return registration;
    }

    PciBus.Registration insmod() throws InterruptedException {
        return insmod(Map.of());
    }

    void settle() throws InterruptedException {
        scheduler.settle(Scheduler.NEVER);
    }

    OpenFile open(String path, OpenFlag... flags) {
        return vfs.open(Credentials.ROOT, path, Set.of(flags), 0);
    }

    /** Reads a file to its end. */
    String cat(String path) {
        try (OpenFile file = open(path, OpenFlag.READ)) {
            return readAll(file);
        }
    }

    static String readAll(OpenFile file) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (file.read(buffer) > 0) {
            // a file may give its text piece by piece
        }
        return text(buffer.flip());
    }

    static String text(ByteBuffer buffer) {
        return StandardCharsets.US_ASCII.decode(buffer).toString();
    }

    /** Writes a line as {@code echo} does, in one call. */
    void echo(String line, String path) {
        try (OpenFile file = open(path, OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.TRUNCATE)) {
            file.write(line(line));
        }
    }

    static ByteBuffer line(String text) {
        return ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    List<String> dmesg() {
        return kernel.log().records().stream().map(LogRecord::text).toList();
    }

    boolean exists(String path) {
        try {
            vfs.lstat(Credentials.ROOT, path);
            return true;
        } catch (KernelException e) {
            return false;
        }
    }

    @Override
    public void close() {
        kernel.close();
        pci.close();
        board.close();
        vfs.close();
    }
}
