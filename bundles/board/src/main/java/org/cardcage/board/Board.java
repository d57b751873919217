package org.cardcage.board;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.cardcage.board.internal.Chipset;
import org.cardcage.board.internal.Events;
import org.cardcage.board.internal.Fabric;
import org.cardcage.board.internal.IdleCards;
import org.cardcage.board.internal.InterruptController;
import org.cardcage.board.internal.IntxVectors;
import org.cardcage.board.internal.MsiVectors;
import org.cardcage.board.internal.MsixVectors;
import org.cardcage.board.internal.Ram;
import org.cardcage.board.internal.RamDmaSpace;
import org.cardcage.board.internal.Slots;
import org.cardcage.device.DeviceModel;
import org.cardcage.firmware.Firmware;
import org.cardcage.machine.DmaSpace;
import org.cardcage.machine.ErrorSeverity;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Machine;
import org.cardcage.machine.MachineDescription;
import org.cardcage.machine.MachineListener;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/**
 * A PC's board in pure Java: RAM, root buses with slots, an interrupt controller and firmware. Bridges are cards like
 * others; one that is plugged in brings the slots of the bus behind it.
 *
 * <pre>{@code
 * Board board = Board.pc(new SteppedScheduler());
 * board.plug("00:04.0", model);
 * board.plug("00:1c.0", Bridge.rootPort(1));
 * board.plug("00:1c.0/00.0", another);
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
    private final Map<SlotPath, Integer> physicalSlots;

    Board(BoardBuilder b) {
        name = b.name;
        scheduler = b.scheduler;
        physicalSlots = Map.copyOf(b.physicalSlots);
        Ram ram = new Ram(b.ram);
        dma = new RamDmaSpace(ram);
        interrupts = new InterruptController(b.cpus, b.reporter);
        description = Chipset.describe(b.name, ram, b.cpus, b.withFirmware || b.firmwareHasRun, b.rootBuses());
        fabric = new Fabric(ram, interrupts, description.hostBridges(), b.policy, b.splitting);
        events = new Events(scheduler, name);
        Firmware firmware = firmware(b);
        slots = new Slots(fabric, scheduler, b.reporter, firmware, events);
        if (b.chipset440fx) {
            Chipset.functions440fx(fabric.rootBus(0, 0)).forEach(fabric::attach);
        }
    }

    private Firmware firmware(BoardBuilder b) {
        IdleCards idle = new IdleCards(fabric, events);
        if (b.firmwareHasRun) {
            return Firmware.adopting(this, b.reporter, idle);
        }
        return b.withFirmware ? new Firmware(this, b.reporter, idle) : null;
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
     * Puts a card into a slot. With the board on, this is a hot-plug: the functions are powered, firmware gives them bus
     * numbers and addresses as far as it can, and the listeners are told. To make room firmware may move functions that
     * nobody uses, which for the listeners go and come back.
     *
     * @param slot where function 0 of the card goes
     * @param card with models in their power-on state, not used elsewhere
     * @throws IllegalArgumentException if there is no such slot
     * @throws IllegalStateException if the slot is taken or the board closed
     */
    public void plug(SlotPath slot, Card card) {
        slots.plug(slot, card);
    }

    /** The same for functions 0, 1 and so on of a card; {@code slot} as in {@link SlotPath#parse}. */
    public void plug(String slot, DeviceModel... functions) {
        plug(SlotPath.parse(slot), Card.of(functions));
    }

    /** The same for a slot on a root bus. */
    public void plug(FunctionAddress slot, DeviceModel model) {
        plug(SlotPath.of(slot), Card.of(model));
    }

    /**
     * Pulls a card out of its slot, without asking, with all cards behind its bridges: from now on its addresses answer as
     * absent, and the listeners are told of each function, those behind bridges first.
     *
     * @return whether a card was in the slot
     * @throws IllegalStateException if the card or one behind it is being plugged in just now
     */
    public boolean unplug(SlotPath slot) {
        return slots.unplug(slot);
    }

    /** The same; {@code slot} as in {@link SlotPath#parse}. */
    public boolean unplug(String slot) {
        return unplug(SlotPath.parse(slot));
    }

    /** The same for a slot on a root bus. */
    public boolean unplug(FunctionAddress slot) {
        return unplug(SlotPath.of(slot));
    }

    /**
     * Presses the attention button of a slot: the listeners are asked to take the function out of use, and the slot status
     * of the port above, if it has one, shows it.
     */
    public void requestEject(SlotPath slot) {
        slots.requestEject(slot);
    }

    /** The same for a slot on a root bus. */
    public void requestEject(FunctionAddress slot) {
        requestEject(SlotPath.of(slot));
    }

    /** Whether a card of {@link #plug} is in this place. */
    public boolean isPlugged(SlotPath slot) {
        return slots.isPlugged(slot);
    }

    /** Where the function at this place is found just now; empty if there is none, or no bus number leads to it. */
    public Optional<FunctionAddress> address(SlotPath slot) {
        return slots.address(slot);
    }

    /** The same; {@code slot} as in {@link SlotPath#parse}. */
    public Optional<FunctionAddress> address(String slot) {
        return address(SlotPath.parse(slot));
    }

    /**
     * How many transfers of the function as bus master ended because nobody claimed an address; 0 where no function answers.
     */
    public long aborts(FunctionAddress function) {
        return fabric.aborts(function);
    }

    /**
     * Lets a function see an error of PCI Express, as Linux's {@code aer-inject} does: its registers and those of the root
     * port above show it, and the listeners are told. What software has masked in the function's AER registers is shown and
     * not told; the enable bits of the device control register are not asked.
     *
     * @return as what it was told, which software can change by the severity register; empty if it was not told
     */
    public Optional<ErrorSeverity> injectError(FunctionAddress function, ErrorSeverity severity) {
        Optional<ErrorSeverity> told = fabric.ports().error(function, severity);
        told.ifPresent(s -> events.post(l -> l.errorReported(function, s)));
        return told;
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
    public OptionalInt physicalSlot(FunctionAddress function) {
        FunctionAddress device = new FunctionAddress(function.domain(), function.bus(), function.device(), 0);
        return physicalSlots.entrySet().stream()
                .filter(slot -> address(slot.getKey()).filter(device::equals).isPresent())
                .mapToInt(Map.Entry::getValue)
                .findFirst();
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
