package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.cardcage.board.Firmware;
import org.cardcage.device.DeviceModel;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Scheduler;

/**
 * The slots of a board and its power.
 *
 * <p>Threads: any. {@code cards} and {@code state} are guarded by the lock of {@code cards}, under which no model and no
 * listener is called. Two operations on the same slot at once fail cleanly; those on different slots do not wait for each
 * other.
 */
public final class Slots {

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

    private final Fabric fabric;
    private final Scheduler scheduler;
    private final Consumer<String> reporter;
    private final Firmware firmware;
    private final Events events;

    private final Map<FunctionAddress, Card> cards = new TreeMap<>();
    private State state = State.OFF;

    /** @param firmware null if none is to run */
    public Slots(Fabric fabric, Scheduler scheduler, Consumer<String> reporter, Firmware firmware, Events events) {
        this.fabric = fabric;
        this.scheduler = scheduler;
        this.reporter = reporter;
        this.firmware = firmware;
        this.events = events;
    }

    /** See {@code Board.plug}. */
    public void plug(FunctionAddress slot, DeviceModel model) {
        if (slot.domain() != 0 || slot.bus() != 0) {
            throw new IllegalArgumentException("slot " + slot + ": this board has domain 0, bus 0 only");
        }
        Function function = new Function(slot, model);
        Card card = new Card(function, new FunctionPort(fabric, function, scheduler, reporter));
        boolean hot;
        synchronized (cards) {
            checkOpen();
            if (cards.containsKey(slot) || fabric.readConfig(slot, 0, 2) != 0xffff) {
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
            events.post(l -> l.plugged(slot));
        }
    }

    private void checkOpen() {
        if (state == State.CLOSED) {
            throw new IllegalStateException("the board is closed");
        }
    }

    private void bringUp(Card card) {
        boolean up = false;
        try {
            card.function.model.powerOn(card.port);
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

    /** See {@code Board.unplug}. */
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
        fabric.detach(card.function);
        card.port.cut();
        if (hot) {
            powerOff(card);
            events.post(l -> l.gone(slot));
        }
        return true;
    }

    private void powerOff(Card card) {
        try {
            card.function.model.powerOff();
        } catch (RuntimeException fault) { // the card is gone all the same
            reporter.accept(card.function + ": does not power off: " + fault);
        }
    }

    /** See {@code Board.powerOn}. */
    public void powerOn() {
        List<Card> fresh;
        synchronized (cards) {
            checkOpen();
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

    /** See {@code Board.reset}. */
    public void reset() {
        List<Card> present;
        synchronized (cards) {
            if (state != State.ON) {
                return;
            }
            present = new ArrayList<>(cards.values());
        }
        fabric.reset();
        present.forEach(c -> c.function.model.reset());
        if (firmware != null) {
            firmware.run();
        }
    }

    /** Pulls all cards and refuses new ones. */
    public void close() {
        List<FunctionAddress> slots;
        synchronized (cards) {
            slots = new ArrayList<>(cards.keySet());
        }
        slots.forEach(this::unplug);
        synchronized (cards) {
            state = State.CLOSED;
        }
    }
}
