package org.cardcage.board;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.cardcage.board.internal.Chipset;
import org.cardcage.board.internal.Fabric;
import org.cardcage.board.internal.Function;
import org.cardcage.board.internal.FunctionPort;
import org.cardcage.board.internal.InterruptController;
import org.cardcage.board.internal.IntxVectors;
import org.cardcage.board.internal.MsiVectors;
import org.cardcage.board.internal.Ram;
import org.cardcage.board.internal.RamDmaSpace;
import org.cardcage.device.DeviceModel;
import org.cardcage.machine.DmaSpace;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Lane;
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
 * <p>Threads: any. {@code cards} and {@code state} are guarded by the lock of {@code cards}, under which no model and no
 * listener is called. Two operations on the same slot at once fail cleanly; those on different slots do not wait for each
 * other.
 */
public final class Board implements Machine, AutoCloseable {

    private enum State {
        OFF,
        ON,
        CLOSED
    }

    /** A function in its slot; {@code settled} is false while it is being powered. */
    private static final class Card {
        final Function function;
        final FunctionPort port;
        boolean settled;

        Card(Function function, FunctionPort port) {
            this.function = function;
            this.port = port;
        }
    }

    private final String name;
    private final Scheduler scheduler;
    private final Ram ram;
    private final RamDmaSpace dma;
    private final InterruptController interrupts;
    private final Fabric fabric;
    private final MachineDescription description;
    private final Firmware firmware;
    private final Consumer<String> reporter;
    private final Lane events;
    private final List<MachineListener> listeners = new CopyOnWriteArrayList<>();

    private final Map<FunctionAddress, Card> cards = new TreeMap<>();
    private State state = State.OFF;

    Board(BoardBuilder b) {
        name = b.name;
        scheduler = b.scheduler;
        reporter = b.reporter;
        ram = new Ram(b.ram);
        dma = new RamDmaSpace(ram);
        interrupts = new InterruptController(b.cpus);
        fabric = new Fabric(ram, interrupts, b.policy);
        description = Chipset.describe(b.name, ram, b.cpus, b.withFirmware);
        firmware = b.withFirmware ? new Firmware(this, reporter) : null;
        events = scheduler.lane(name + "-events");
        if (b.chipset440fx) {
            Chipset.functions440fx().forEach(f -> fabric.attach(f));
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
        if (slot.domain() != 0 || slot.bus() != 0) {
            throw new IllegalArgumentException("slot " + slot + ": this board has domain 0, bus 0 only");
        }
        Function function = new Function(slot, model);
        Card card = new Card(function, new FunctionPort(fabric, function, scheduler, reporter));
        boolean hot;
        synchronized (cards) {
            if (state == State.CLOSED) {
                throw new IllegalStateException("slot " + slot + ": the board \"" + name + "\" is closed");
            }
            if (cards.containsKey(slot) || present(slot)) {
                throw new IllegalStateException("slot " + slot + " is taken");
            }
            cards.put(slot, card);
            hot = state == State.ON;
            card.settled = !hot;
        }
        if (hot) {
            bringUp(card);
            if (firmware != null) {
                firmware.place(slot);
            }
            settle(card);
            post(l -> l.plugged(slot));
        }
    }

    private boolean present(FunctionAddress slot) {
        return fabric.readConfig(slot, 0, 2) != 0xffff;
    }

    private void bringUp(Card card) {
        boolean up = false;
        try {
            card.function.model().powerOn(card.port);
            fabric.attach(card.function);
            up = true;
        } finally {
            if (!up) {
                card.port.cut();
                synchronized (cards) {
                    cards.values().remove(card);
                }
            }
        }
    }

    private void settle(Card card) {
        synchronized (cards) {
            card.settled = true;
        }
    }

    /**
     * Pulls a card out of its slot, without asking: from now on its addresses answer as absent, and the listeners are
     * told.
     *
     * @return whether a card was in the slot
     * @throws IllegalStateException if the card is being plugged in just now
     */
    public boolean unplug(FunctionAddress slot) {
        Card card;
        boolean hot;
        synchronized (cards) {
            card = cards.get(slot);
            if (card == null) {
                return false;
            }
            if (!card.settled) {
                throw new IllegalStateException("slot " + slot + " is being plugged in or powered on just now");
            }
            cards.remove(slot);
            hot = state == State.ON;
        }
        if (hot) {
            takeDown(card);
            post(l -> l.gone(slot));
        } else {
            card.port.cut();
        }
        return true;
    }

    private void takeDown(Card card) {
        fabric.detach(card.function);
        card.port.cut();
        try {
            card.function.model().powerOff();
        } catch (RuntimeException fault) { // the card is gone all the same
            reporter.accept(card.function + ": does not power off: " + fault);
        }
    }

    /** Presses the attention button of a slot: the listeners are asked to take the function out of use. */
    public void requestEject(FunctionAddress slot) {
        post(l -> l.ejectWanted(slot));
    }

    /**
     * Powers the functions and lets firmware run. Further calls change nothing. A card that throws is reported and left
     * out.
     *
     * @throws IllegalStateException if the board is closed
     */
    public void powerOn() {
        List<Card> fresh;
        synchronized (cards) {
            if (state == State.CLOSED) {
                throw new IllegalStateException("the board \"" + name + "\" is closed");
            }
            if (state == State.ON) {
                return;
            }
            state = State.ON;
            fresh = new ArrayList<>(cards.values());
            fresh.forEach(c -> c.settled = false);
        }
        for (Card card : fresh) {
            try {
                bringUp(card);
            } catch (RuntimeException fault) { // a faulty card must not keep the others from starting
                reporter.accept(card.function + ": does not power on: " + fault);
            }
        }
        if (firmware != null) {
            firmware.run();
        }
        fresh.forEach(this::settle);
    }

    /** A reset of the whole board: RAM is kept, firmware runs again. The listeners are not told. */
    public void reset() {
        List<Card> present;
        synchronized (cards) {
            if (state != State.ON) {
                return;
            }
            present = new ArrayList<>(cards.values());
        }
        fabric.reset();
        present.forEach(c -> c.function.model().reset());
        if (firmware != null) {
            firmware.run();
        }
    }

    /** Pulls all cards; the board is of no use any more. */
    @Override
    public void close() {
        List<FunctionAddress> slots;
        synchronized (cards) {
            slots = new ArrayList<>(cards.keySet());
        }
        slots.forEach(this::unplug);
        synchronized (cards) {
            state = State.CLOSED;
        }
        events.close();
    }

    private void post(Consumer<MachineListener> event) {
        for (MachineListener listener : listeners) {
            events.execute(() -> {
                if (listeners.contains(listener)) {
                    event.accept(listener);
                }
            });
        }
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
            case MSIX -> throw new UnsupportedOperationException(function + " has no MSI-X capability");
        };
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public void addListener(MachineListener listener) {
        synchronized (listeners) {
            if (!listeners.contains(listener)) {
                listeners.add(listener);
            }
        }
    }

    @Override
    public void removeListener(MachineListener listener) {
        listeners.remove(listener);
    }

    @Override
    public String toString() {
        return "board " + name;
    }
}
