package org.cardcage.qemu.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.DmaSpace;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Machine;
import org.cardcage.machine.MachineDescription;
import org.cardcage.machine.MachineDescription.HostBridge;
import org.cardcage.machine.MachineListener;
import org.cardcage.machine.PageAllocator;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.cardcage.qemu.QemuMachine;

/**
 * The machine behind the API: puts the parts together and ends them. Threads: any.
 */
public final class GuestMachine implements QemuMachine {

    /** What stands in front of the user's arguments. */
    private static final List<String> USUAL = List.of("-machine", "pc", "-nodefaults", "-m", "256M");

    private static final int ABSENT = 0xffff;

    /**
     * What the builder has collected.
     *
     * @param firmware gives addresses before anybody uses the machine; null if nobody does
     */
    public record Setup(
            QemuProgram program,
            Scheduler scheduler,
            String name,
            List<String> arguments,
            Consumer<Machine> firmware,
            boolean steppedClock,
            Duration patience,
            Consumer<String> reporter) {}

    private final Setup setup;
    private final InterruptLines lines = new InterruptLines();
    private final Functions functions = new Functions();
    private final AtomicBoolean vanished = new AtomicBoolean();
    private final Events events;
    private final Heartbeat heartbeat;
    private final VirtualClock clock;
    private final QemuProcess process;
    private final Doorbell doorbell;
    private final Guest guest;
    private final ConfigAccess config;
    private final GuestDmaSpace dma;
    private final MachineDescription description;
    /** Until then whoever starts it is told what is wrong. */
    private volatile boolean started;

    /**
     * Starts QEMU and lets firmware run.
     *
     * @throws IOException if QEMU does not start, ends at once, or has another machine than a PC
     */
    public GuestMachine(Setup setup) throws IOException {
        this.setup = setup;
        events = new Events(setup.scheduler(), setup.name());
        heartbeat = new Heartbeat(setup.scheduler(), setup.name() + "-heartbeat", this::look);
        clock = new VirtualClock(setup.scheduler(), setup.steppedClock());
        process = QemuProcess.start(new QemuProcess.Setup(
                setup.program(), setup.name(), arguments(setup.arguments()), setup.patience(), new Child()));
        try {
            Qtest qtest = process.qtest();
            Chipset chipset = Chipset.of(qtest);
            config = chipset.powerOn(qtest);
            watch(qtest);
            FirmwareConfiguration told = new FirmwareConfiguration(qtest);
            List<AddressRange> ram = told.ram();
            description = new MachineDescription(
                    setup.name(), List.of(chipset.describe(ram)), ram, told.cpus(), setup.firmware() != null);
            PageAllocator pages = new PageAllocator(ram);
            doorbell = new Doorbell(qtest, doorbellPage(pages));
            guest = new Guest(qtest, clock, doorbell, setup.reporter());
            dma = new GuestDmaSpace(guest, pages);
            if (setup.firmware() != null) {
                setup.firmware().accept(this);
            }
            if (qtest.end() != null) {
                throw qtest.end();
            }
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    private static List<String> arguments(List<String> further) {
        List<String> all = new ArrayList<>(USUAL);
        all.addAll(further);
        return all;
    }

    private static void watch(Qtest qtest) throws IOException {
        Commands commands = qtest.commands();
        Reply reply = commands.interceptIrqIn(Chipset.CONTROLLER);
        commands.send();
        reply.text();
    }

    private static long doorbellPage(PageAllocator pages) throws IOException {
        long page = pages.allocate(Doorbell.SIZE, 0xffff_ffffL, Doorbell.SIZE);
        if (page < 0) {
            throw new IOException("QEMU's machine has too little RAM; give it 2 MiB or more by -m");
        }
        return page;
    }

    /** What QEMU tells unasked. */
    private final class Child implements QemuListener {
        @Override
        public void irq(int line, boolean raised) {
            lines.set(line, raised);
        }

        @Override
        public void message(String line) {
            if (started) {
                setup.reporter().accept("QEMU says: " + line);
            }
        }

        @Override
        public void gone(IOException reason) {
            if (started) {
                setup.reporter().accept(setup.name() + ": all functions have gone: " + reason.getMessage());
            }
            vanish();
        }
    }

    /** There is nothing any more. */
    private void vanish() {
        if (vanished.compareAndSet(false, true)) {
            heartbeat.close();
            lines.release();
            functions.fromBehind().forEach(function -> events.post(listener -> listener.gone(function)));
        }
    }

    private void look() {
        guest.look();
    }

    @Override
    public void step(long nanos) {
        if (!clock.isStepped()) {
            throw new IllegalStateException("the time of " + this + " follows that of its scheduler");
        }
        if (nanos < 1) {
            throw new IllegalArgumentException("a step of " + nanos + " ns");
        }
        guest.write(commands -> commands.clockStep(nanos));
    }

    @Override
    public ProcessHandle process() {
        return process.handle();
    }

    @Override
    public void close() {
        process.close();
        vanish();
        events.close();
    }

    @Override
    public MachineDescription description() {
        return description;
    }

    @Override
    public int readConfig(FunctionAddress function, int offset, int size) {
        if (!config.reaches(function, offset)) {
            return (int) Guest.ones(size);
        }
        int value = (int) guest.read(size, commands -> config.read(commands, function, offset, size));
        if (offset == 0 && size > 1 && (value & ABSENT) != ABSENT) {
            functions.seen(function);
        }
        return value;
    }

    @Override
    public void writeConfig(FunctionAddress function, int offset, int size, int value) {
        if (config.reaches(function, offset)) {
            guest.write(commands -> config.write(commands, function, offset, size, value));
        }
    }

    /** @throws IllegalArgumentException if the range is empty or wraps */
    @Override
    public IoMemory map(long physical, long length) {
        return GuestMemory.ofMemory(guest, physical, length);
    }

    /** @throws IllegalArgumentException if the range is empty or leaves port space */
    @Override
    public IoMemory mapPorts(int port, int length) {
        return GuestMemory.ofPorts(guest, port, length);
    }

    @Override
    public DmaSpace dma(FunctionAddress function) {
        return dma;
    }

    @Override
    public VectorSet vectors(FunctionAddress function, VectorKind kind, int min, int max) {
        if (min < 1 || max < min) {
            throw new IllegalArgumentException("from " + min + " to " + max + " vectors");
        }
        FunctionRegisters registers = new FunctionRegisters(this, function);
        return switch (kind) {
            case INTX -> line(registers, min);
            case MSI -> MsiVectors.open(registers, doorbell, heartbeat, min);
            case MSIX -> MsixVectors.open(this, registers, doorbell, heartbeat, min, max);
        };
    }

    private VectorSet line(FunctionRegisters registers, int min) {
        int pin = registers.read(FunctionRegisters.INTERRUPT_PIN, 1);
        if (pin < 1 || pin > 4) {
            throw new UnsupportedOperationException(registers.address() + " has no interrupt pin");
        }
        if (min > 1) {
            throw new UnsupportedOperationException(
                    registers.address() + " has one interrupt pin, " + min + " vectors are wanted");
        }
        HostBridge host = description.hostBridges().get(0);
        int line = functions.line(this, host, registers.address(), pin);
        if (line < 0) {
            throw new UnsupportedOperationException(registers.address() + ": its pin leads to no interrupt controller");
        }
        registers.intx(true);
        return new LineVectors(lines, heartbeat, line);
    }

    @Override
    public Scheduler scheduler() {
        return setup.scheduler();
    }

    @Override
    public void addListener(MachineListener listener) {
        events.add(listener);
    }

    @Override
    public void removeListener(MachineListener listener) {
        events.remove(listener);
    }

    @Override
    public String toString() {
        return "machine " + setup.name() + ", a QEMU process";
    }
}
