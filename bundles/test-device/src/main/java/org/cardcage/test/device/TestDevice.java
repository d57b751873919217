package org.cardcage.test.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cardcage.device.Access;
import org.cardcage.device.AdvancedFeaturesCapability;
import org.cardcage.device.AerCapability;
import org.cardcage.device.Bar;
import org.cardcage.device.Capability;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.ExpressCapability;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.FunctionPorts;
import org.cardcage.device.MsiCapability;
import org.cardcage.device.MsixCapability;
import org.cardcage.device.PowerManagementCapability;
import org.cardcage.device.Register;
import org.cardcage.device.RegisterMap;
import org.cardcage.device.SerialNumberCapability;

/**
 * One function of the test card: MSI and MSI-X with masking, an I/O BAR, memory behind a 64-bit prefetchable BAR, an
 * expansion ROM, power management, function-level reset, and a burst DMA engine. A card with several functions has several
 * of these.
 *
 * <p>A reset gives the registers their power-on values and leaves the memory alone.
 *
 * <p>Threads: any; see the parts. Reading a register or the memory takes no lock.
 */
public class TestDevice extends DeviceModel {

    /** What the identification register reads. */
    public static final int IDENTIFICATION = 0x7e57ca4d;

    public static final int VENDOR_ID = 0x1234;
    public static final int DEVICE_ID = 0x7e57;

    /** How many interrupt vectors the function has, by MSI as well as by MSI-X. */
    public static final int VECTORS = 16;

    /** The BAR with the registers: 4 KiB of memory. */
    public static final int REGISTERS = 0;
    /** The BAR with the ports: 16 of them. */
    public static final int PORTS = 1;
    /** The BAR with the memory: 64 bits, prefetchable. */
    public static final int MEMORY = 2;
    /** The BAR with the MSI-X table and the pending bits: 4 KiB. */
    public static final int MSIX = 4;

    private static final int CLASS_CODE = 0xff0000;
    private static final long PAGE = 4096;
    private static final long PENDING_BITS = 0x800;
    private static final int WAKES_FROM_D0_AND_D3 = 0x19;

    private final FunctionDescription description;
    private final TestInterrupts interrupts = new TestInterrupts();
    private final TestMemory memory;
    private final TestDma dma;
    private final Register scratch =
            new Register("SCRATCH", 0x04, 4, Access.RW, 0, "anything; the same cell as port 4");
    private final RegisterMap registers;
    private final RegisterMap ports;
    private volatile FunctionPorts world;

    /** A conventional function. */
    public TestDevice() {
        this(TestOptions.DEFAULT);
    }

    public TestDevice(TestOptions options) {
        description = describe(options);
        memory = new TestMemory(options.memory());
        dma = new TestDma(memory, interrupts);
        registers = declareRegisters();
        ports = declarePorts();
    }

    private static FunctionDescription describe(TestOptions options) {
        List<Capability> capabilities = new ArrayList<>(List.of(
                new PowerManagementCapability(Capability.ANYWHERE, false, false, WAKES_FROM_D0_AND_D3, true),
                MsiCapability.of(VECTORS),
                new MsixCapability(Capability.ANYWHERE, VECTORS, MSIX, 0, MSIX, PENDING_BITS)));
        if (options.express()) {
            capabilities.add(
                    ExpressCapability.of(ExpressCapability.Port.ENDPOINT).withFunctionLevelReset());
            capabilities.add(new AerCapability());
            capabilities.add(SerialNumberCapability.of(IDENTIFICATION));
        } else {
            capabilities.add(new AdvancedFeaturesCapability());
        }
        return FunctionDescription.of(VENDOR_ID, DEVICE_ID, CLASS_CODE)
                .subsystem(VENDOR_ID, 1)
                .interruptPin(1)
                .bars(
                        Bar.memory32(REGISTERS, PAGE, 4, 8),
                        new Bar(PORTS, Bar.Kind.IO, false, 16, Set.of(1, 2, 4)),
                        new Bar(MEMORY, Bar.Kind.MEMORY_64, true, options.memory(), Set.of(1, 2, 4, 8)),
                        Bar.memory32(MSIX, PAGE, 4, 8))
                .rom(TestRom.of(VENDOR_ID, DEVICE_ID, CLASS_CODE))
                .capabilities(capabilities.toArray(Capability[]::new))
                .build();
    }

    private RegisterMap declareRegisters() {
        return new RegisterMap(
                RegisterMap.Unmapped.ONES,
                new Register("ID", 0x00, 4, Access.RO, Integer.toUnsignedLong(IDENTIFICATION), "identification"),
                scratch,
                new Register(
                                "IRQ_RAISE",
                                0x08,
                                4,
                                Access.WO,
                                0,
                                "sets pending bits, each with the message of its vector")
                        .onWrite(v -> interrupts.raise((int) v & (1 << VECTORS) - 1)),
                new Register("IRQ_PENDING", 0x0c, 4, Access.RO, 0, "pending bits").onRead(interrupts::pending),
                new Register("IRQ_ACK", 0x10, 4, Access.WO, 0, "clears pending bits")
                        .onWrite(v -> interrupts.acknowledge((int) v)),
                new Register("WAKE", 0x14, 4, Access.WO, 0, "a write asks for a power management event")
                        .onWrite(v -> world.wake()),
                new Register("DMA_ADDRESS", 0x20, 8, Access.RW, 0, "bus address")
                        .onRead(dma::address)
                        .onWrite(dma::setAddress),
                new Register("DMA_OFFSET", 0x28, 8, Access.RW, 0, "offset in the card's memory")
                        .onRead(dma::offset)
                        .onWrite(dma::setOffset),
                new Register("DMA_COUNT", 0x30, 8, Access.RW, 0, "byte count")
                        .onRead(dma::count)
                        .onWrite(dma::setCount),
                new Register("DMA_CONTROL", 0x38, 4, Access.RW, 0, "see below")
                        .onRead(dma::control)
                        .onWrite(v -> dma.setControl((int) v)),
                new Register("DMA_STATUS", 0x3c, 4, Access.RO, 0, "bit 0: not all was answered, bit 1: out of range")
                        .onRead(dma::status));
    }

    private RegisterMap declarePorts() {
        return new RegisterMap(
                RegisterMap.Unmapped.ONES,
                new Register("POST", 0x00, 1, Access.RW, 0, "anything"),
                new Register("WORD", 0x02, 2, Access.RW, 0, "anything"),
                new Register("SCRATCH", 0x04, 4, Access.RW, 0, "anything; the same cell as register 4")
                        .onRead(scratch::get)
                        .onWrite(scratch::set));
    }

    @Override
    public final FunctionDescription description() {
        return description;
    }

    /** The registers behind BAR 0, for a datasheet. */
    public final RegisterMap registers() {
        return registers;
    }

    /** The ports behind BAR 1, for a datasheet. */
    public final RegisterMap ports() {
        return ports;
    }

    @Override
    public final void powerOn(FunctionPorts functionPorts) {
        world = functionPorts;
        interrupts.powerOn(functionPorts);
        dma.powerOn(functionPorts);
    }

    @Override
    public final long read(int bar, long offset, int size) {
        return switch (bar) {
            case REGISTERS -> registers.read(offset, size);
            case PORTS -> ports.read(offset, size);
            case MEMORY -> memory.read((int) offset, size);
            default -> 0;
        };
    }

    @Override
    public final void write(int bar, long offset, int size, long value) {
        switch (bar) {
            case REGISTERS -> registers.write(offset, size, value);
            case PORTS -> ports.write(offset, size, value);
            case MEMORY -> memory.write((int) offset, size, value);
            default -> {
                // beside the MSI-X table there is nothing
            }
        }
    }

    @Override
    public final void reset() {
        registers.reset();
        ports.reset();
        dma.reset();
        interrupts.reset();
    }

    @Override
    public final void powerOff() {
        // the ports do nothing any more, and the card starts nothing by itself
    }

    @Override
    public String toString() {
        return "test card";
    }
}
