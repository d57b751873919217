package org.cardcage.edu.device;

import java.nio.ByteBuffer;
import org.cardcage.device.Access;
import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.FunctionPorts;
import org.cardcage.device.MsiCapability;
import org.cardcage.device.Register;
import org.cardcage.device.RegisterMap;

/**
 * The EDU card: identification, a liveness check, a factorial unit, interrupts by pin or message, and a DMA unit behind
 * one BAR of 1 MiB. Its range check for DMA is that of QEMU 9.1 and later, but a transfer out of range moves nothing.
 *
 * <p>A reset of the bus changes nothing in the card: registers, buffer, a running transfer and a running factorial survive
 * it, as on QEMU.
 *
 * <p>Threads: any; see the parts. Reading a register takes no lock.
 */
public class EduDevice extends DeviceModel {

    /** What the identification register reads: version 1.0, signature {@code ed}. */
    public static final int IDENTIFICATION = 0x010000ed;

    private static final int WINDOW = 0x10_0000;

    private static final FunctionDescription DESCRIPTION = FunctionDescription.of(0x1234, 0x11e8, 0x00ff00)
            .revision(0x10)
            .subsystem(0x1af4, 0x1100)
            .interruptPin(1)
            .bars(Bar.memory32(0, WINDOW, 4, 8))
            .msi(new MsiCapability(0x40, 1, true))
            .build();

    private final EduInterrupts interrupts = new EduInterrupts();
    private final EduFactorial factorial;
    private final EduDma dma;
    private final RegisterMap registers;

    /** A card as QEMU's is set up. */
    public EduDevice() {
        this(EduOptions.DEFAULT);
    }

    public EduDevice(EduOptions options) {
        factorial = new EduFactorial(interrupts, options.factorialDelay());
        dma = new EduDma(interrupts, options);
        registers = declare();
    }

    private RegisterMap declare() {
        Register id = new Register("ID", 0x00, 4, Access.RO, IDENTIFICATION, "identification");
        Register liveness = new Register("LIVENESS", 0x04, 4, Access.RW, 0, "one's complement of what is written");
        liveness.onWrite(v -> liveness.set(~v));
        return new RegisterMap(
                RegisterMap.Unmapped.ONES,
                id,
                liveness,
                new Register("FACTORIAL", 0x08, 4, Access.RW, 0, "operand in, factorial modulo 2^32 out")
                        .onRead(factorial::value)
                        .onWrite(v -> factorial.compute((int) v)),
                new Register("STATUS", 0x20, 4, Access.RW, 0, "bit 0: computing (ro), bit 7: interrupt when done")
                        .onRead(factorial::status)
                        .onWrite(factorial::setStatus),
                new Register("IRQ_STATUS", 0x24, 4, Access.RO, 0, "pending interrupt bits").onRead(interrupts::pending),
                new Register("IRQ_RAISE", 0x60, 4, Access.WO, 0, "sets pending bits")
                        .onWrite(v -> interrupts.raiseByAccess((int) v)),
                new Register("IRQ_ACK", 0x64, 4, Access.WO, 0, "clears pending bits")
                        .onWrite(v -> interrupts.acknowledge((int) v)),
                new Register("DMA_SRC", 0x80, 8, Access.RW, 0, "source address")
                        .onRead(dma::source)
                        .onWrite(dma::setSource),
                new Register("DMA_DST", 0x88, 8, Access.RW, 0, "destination address")
                        .onRead(dma::destination)
                        .onWrite(dma::setDestination),
                new Register("DMA_COUNT", 0x90, 8, Access.RW, 0, "byte count")
                        .onRead(dma::count)
                        .onWrite(dma::setCount),
                new Register("DMA_CMD", 0x98, 8, Access.RW, 0, "bit 0: run, bit 1: to RAM, bit 2: interrupt when done")
                        .onRead(dma::command)
                        .onWrite(dma::setCommand));
    }

    @Override
    public final FunctionDescription description() {
        return DESCRIPTION;
    }

    /** The registers, for a datasheet. */
    public final RegisterMap registers() {
        return registers;
    }

    /** DMA transfers that were dropped since the device side left the buffer. */
    public final long rejectedTransfers() {
        return dma.rejected();
    }

    /** The buffer as it is while no transfer runs, which software cannot see; for reading. */
    final ByteBuffer buffer() {
        return dma.buffer();
    }

    @Override
    public final void powerOn(FunctionPorts ports) {
        interrupts.powerOn(ports);
        factorial.powerOn(ports);
        dma.powerOn(ports);
    }

    @Override
    public final long read(int bar, long offset, int size) {
        return registers.read(offset, size);
    }

    @Override
    public final void write(int bar, long offset, int size, long value) {
        // QEMU's guard against re-entrance (since 8.1): a card that messages itself would do so for ever
        if (!interrupts.isEcho()) {
            registers.write(offset, size, value);
        }
    }

    @Override
    public final void reset() {
        // the card has no reset input: everything but configuration space survives
    }

    @Override
    public final void powerOff() {
        dma.powerOff();
    }

    @Override
    public String toString() {
        return "EDU card";
    }
}
