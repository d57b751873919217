package org.cardcage.board;

import org.cardcage.board.internal.Chipset;
import org.cardcage.board.internal.Events;
import org.cardcage.board.internal.Fabric;
import org.cardcage.board.internal.InterruptController;
import org.cardcage.board.internal.IntxVectors;
import org.cardcage.board.internal.MsiVectors;
import org.cardcage.board.internal.MsixVectors;
import org.cardcage.board.internal.Ram;
import org.cardcage.board.internal.RamDmaSpace;
import org.cardcage.board.internal.Slots;
import org.cardcage.device.DeviceModel;
import org.cardcage.machine.DmaSpace;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Machine;
import org.cardcage.machine.MachineDescription;
import org.cardcage.machine.MachineListener;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/**
 * A PC's board in pure Java: RAM, one root bus with slots, an interrupt controller and firmware.
 *
 * <pre>{@code
 * Board board = Board.pc(new SteppedScheduler());
 * board.plug(FunctionAddress.parse("00:04.0"), model);
 * board.powerOn();
 * }</pre>
 *
 * <p>Threads: any. Two operations on the same slot at once fail cleanly; those on different slots do not wait for each
 * other. No lock is held while a model, a sink or a listener is called.
 */
public final class Board implements Machine, AutoCloseable {

    private final String name;
    private final Scheduler scheduler;
    private final RamDmaSpace dma;
    private final InterruptController interrupts;
    private final Fabric fabric;
    private final MachineDescription description;
    private final Events events;
    private final Slots slots;

    Board(BoardBuilder b) {
        name = b.name;
        scheduler = b.scheduler;
        Ram ram = new Ram(b.ram);
        dma = new RamDmaSpace(ram);
        interrupts = new InterruptController(b.cpus);
        fabric = new Fabric(ram, interrupts, b.policy);
        description = Chipset.describe(b.name, ram, b.cpus, b.withFirmware);
        events = new Events(scheduler, name);
        Firmware firmware = b.withFirmware ? new Firmware(this, b.reporter) : null;
        slots = new Slots(fabric, scheduler, b.reporter, firmware, events);
        if (b.chipset440fx) {
            Chipset.functions440fx().forEach(fabric::attach);
        }
    }

    /** Begins a board of 256 MiB with one CPU, firmware, no chipset functions and the bus answers of real PCI. */
    public static BoardBuilder builder(Scheduler scheduler) {
        return new BoardBuilder(scheduler);
    }

    /** A board named {@code pc}: 256 MiB, a 440FX host bridge and an ISA bridge. */
    public static Board pc(Scheduler scheduler) {
        return builder(scheduler).chipset440fx().build();
    }

    /**
     * Puts a card into a slot. With the board on, this is a hot-plug: the function is powered, firmware gives it what it
     * can, and the listeners are told.
     *
     * @param slot on domain 0, bus 0
     * @param model in its power-on state, not used elsewhere
     * @throws IllegalArgumentException if there is no such slot
     * @throws IllegalStateException if the slot is taken or the board closed
     */
    public void plug(FunctionAddress slot, DeviceModel model) {
        slots.plug(slot, model);
    }

    /**
     * Pulls a card out of its slot, without asking: from now on its addresses answer as absent, and the listeners are
     * told.
     *
     * @return whether a card was in the slot
     * @throws IllegalStateException if the card is being plugged in just now
     */
    public boolean unplug(FunctionAddress slot) {
        return slots.unplug(slot);
    }

    /** Presses the attention button of a slot: the listeners are asked to take the function out of use. */
    public void requestEject(FunctionAddress slot) {
        events.post(l -> l.ejectWanted(slot));
    }

    /**
     * Powers the functions and lets firmware run. Further calls change nothing. A card that throws is reported and left
     * out.
     *
     * @throws IllegalStateException if the board is closed
     */
    public void powerOn() {
        slots.powerOn();
    }

    /** A reset of the whole board: RAM is kept, firmware runs again. The listeners are not told. */
    public void reset() {
        slots.reset();
    }

    /** Pulls all cards; the board is of no use any more. */
    @Override
    public void close() {
        slots.close();
        events.close();
    }

    @Override
    public MachineDescription description() {
        return description;
    }

    @Override
    public int readConfig(FunctionAddress function, int offset, int size) {
        return fabric.readConfig(function, offset, size);
    }

    @Override
    public void writeConfig(FunctionAddress function, int offset, int size, int value) {
        fabric.writeConfig(function, offset, size, value);
    }

    /** @throws IllegalArgumentException if the range is empty or wraps */
    @Override
    public IoMemory map(long physical, long length) {
        if (length < 1 || Long.compareUnsigned(physical + (length - 1), physical) < 0) {
            throw new IllegalArgumentException(
                    String.format("mapping of 0x%x bytes at 0x%x: must have a byte and not wrap", length, physical));
        }
        return fabric.map(physical, length);
    }

    /** @throws IllegalArgumentException if the range is empty or leaves port space */
    @Override
    public IoMemory mapPorts(int port, int length) {
        if (port < 0 || length < 1 || length > 0x1_0000 - port) {
            throw new IllegalArgumentException(String.format("%d ports at 0x%x: ports are 0 to 0xffff", length, port));
        }
        return fabric.mapPorts(port, length);
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
        return switch (kind) {
            case INTX -> IntxVectors.open(fabric, interrupts, function, min);
            case MSI -> MsiVectors.open(fabric, interrupts, function, min, max);
            case MSIX -> MsixVectors.open(fabric, interrupts, function, min, max);
        };
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
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
        return "board " + name;
    }
}
