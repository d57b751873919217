package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.cardcage.board.Card;
import org.cardcage.board.SlotPath;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.firmware.Firmware;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Scheduler;

/**
 * The slots of a board and its power. A bridge brings slots along, and takes them and all that is in them away.
 *
 * <p>Threads: any. {@code cards}, {@code on} and {@code closed} are guarded by the lock of {@code cards}, under which no model and no
 * listener is called. Two operations on the same slot at once fail cleanly; those on different slots do not wait for each
 * other.
 */
public final class Slots {

    /** A function on a card and what it is plugged into. */
    private record Part(Function function, FunctionPort port) {}

    /** A card in its slot; {@code settled} is false while it is being powered. */
    private static final class Plugged {
        final List<Part> parts = new ArrayList<>();
        boolean settled;

        @Override
        public String toString() {
            return parts.get(0).function().toString();
        }
    }

    private final Fabric fabric;
    private final Scheduler scheduler;
    private final Consumer<String> reporter;
    private final Firmware firmware;
    private final Events events;

    /** By the place of each function. */
    private final NavigableMap<SlotPath, Plugged> cards = new TreeMap<>();

    private boolean on;
    private boolean closed;

    /** @param firmware null if none is to run */
    public Slots(Fabric fabric, Scheduler scheduler, Consumer<String> reporter, Firmware firmware, Events events) {
        this.fabric = fabric;
        this.scheduler = scheduler;
        this.reporter = reporter;
        this.firmware = firmware;
        this.events = events;
    }

    /** See {@code Board.plug}. */
    public void plug(SlotPath slot, Card card) {
        SortedMap<SlotPath, DeviceModel> models = card.in(slot);
        Map<DeviceModel, FunctionDescription> descriptions = new IdentityHashMap<>();
        models.values().forEach(model -> descriptions.put(model, model.description()));
        Plugged plugged = new Plugged();
        boolean hot;
        synchronized (cards) {
            checkOpen();
            TreeMap<SlotPath, Function> fresh = new TreeMap<>();
            models.forEach((place, model) ->
                    fresh.put(place, new Function(bus(place, fresh), place, descriptions.get(model), model)));
            for (Function function : fresh.values()) {
                FunctionPort port = new FunctionPort(fabric, function, scheduler, reporter, events);
                plugged.parts.add(new Part(function, port));
                cards.put(function.path, plugged);
            }
            hot = on;
            plugged.settled = !hot;
        }
        if (hot) {
            bringUp(plugged);
            try {
                place(plugged);
            } finally { // whatever firmware makes of it, the card can be pulled again
                settle(plugged);
            }
            List<FunctionAddress> found = addresses(List.of(plugged));
            Collections.reverse(found);
            found.forEach(f -> events.post(l -> l.plugged(f)));
        }
    }

    /** The bus that a place is on, if the place is free. */
    private Bus bus(SlotPath place, SortedMap<SlotPath, Function> fresh) {
        SlotPath above = place.bridge();
        Bus bus;
        if (above == null) {
            FunctionAddress root = place.root();
            bus = fabric.rootBus(root.domain(), root.bus());
            if (bus == null) {
                throw new IllegalArgumentException(String.format(
                        "slot %s: this board has no root bus %04x:%02x", place, root.domain(), root.bus()));
            }
        } else {
            Function bridge = fresh.containsKey(above) ? fresh.get(above) : function(above);
            bus = bridge == null ? null : bridge.secondary();
            if (bus == null) {
                throw new IllegalArgumentException(
                        "slot " + place + ": " + (bridge == null ? "nothing sits at " : "no bridge sits at ") + above);
            }
            if (bridge.isPort() && place.device() != 0) {
                throw new IllegalArgumentException(
                        "slot " + place + ": the link of the port at " + above + " leads to device 0 only");
            }
            if (cards.containsKey(above) && !cards.get(above).settled) {
                throw new IllegalStateException("slot " + above + " is being plugged in or powered on just now");
            }
        }
        if (cards.containsKey(place) || fabric.isTaken(bus, place.device(), place.function())) {
            throw new IllegalStateException("slot " + place + " is taken");
        }
        return bus;
    }

    private Function function(SlotPath place) {
        Plugged card = cards.get(place);
        return card == null
                ? null
                : card.parts.stream()
                        .map(Part::function)
                        .filter(f -> f.path.equals(place))
                        .findFirst()
                        .orElse(null);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the board is closed");
        }
    }

    private void bringUp(Plugged card) {
        List<Part> up = new ArrayList<>();
        try {
            for (Part part : card.parts) {
                part.function().model.powerOn(part.port());
                up.add(part);
                fabric.attach(part.function());
            }
        } finally {
            if (up.size() < card.parts.size()) {
                Collections.reverse(up);
                up.forEach(part -> fabric.detach(part.function()));
                card.parts.forEach(part -> part.port().cut());
                up.forEach(this::powerOff);
                remove(card);
            }
        }
    }

    private void remove(Plugged card) {
        synchronized (cards) {
            card.parts.forEach(part -> cards.remove(part.function().path));
        }
    }

    private void place(Plugged card) {
        Function first = card.parts.get(0).function();
        if (!fabric.isReachable(first)) {
            reporter.accept(first.path
                    + ": cannot be reached; a bridge above has no bus number, is held in reset or is not in D0");
        } else if (firmware != null) {
            firmware.place(card.parts.stream()
                    .map(Part::function)
                    .filter(f -> f.bus == first.bus)
                    .map(Function::address)
                    .toList());
        }
    }

    private void settle(Plugged card) {
        synchronized (cards) {
            card.settled = true;
        }
    }

    /** Where the functions of these cards are found, or were when they could be reached; those behind bridges first. */
    private List<FunctionAddress> addresses(Iterable<Plugged> some) {
        TreeMap<SlotPath, FunctionAddress> found = new TreeMap<>();
        for (Plugged card : some) {
            for (Part part : card.parts) {
                Function function = part.function();
                if (fabric.isReachable(function)) {
                    function.found = function.address();
                }
                if (function.found != null) {
                    found.put(function.path, function.found);
                }
            }
        }
        return new ArrayList<>(found.descendingMap().values());
    }

    /** See {@code Board.isPlugged}. */
    public boolean isPlugged(SlotPath place) {
        synchronized (cards) {
            return cards.containsKey(place);
        }
    }

    /** See {@code Board.address}. */
    public Optional<FunctionAddress> address(SlotPath place) {
        Function function;
        synchronized (cards) {
            function = function(place);
        }
        return Optional.ofNullable(function).filter(fabric::isReachable).map(Function::address);
    }

    /** See {@code Board.unplug}. */
    public boolean unplug(SlotPath slot) {
        Set<Plugged> pulled = new LinkedHashSet<>();
        boolean hot;
        synchronized (cards) {
            Plugged card = cards.get(slot);
            if (card == null) {
                return false;
            }
            pulled.add(card);
            card.parts.forEach(part -> addBehind(part.function().path, pulled));
            for (Plugged each : pulled) {
                if (!each.settled) {
                    throw new IllegalStateException("slot " + each + " is being plugged in or powered on just now");
                }
            }
            pulled.forEach(this::remove);
            hot = on;
        }
        List<FunctionAddress> gone = addresses(pulled);
        List<Part> parts = new ArrayList<>();
        pulled.forEach(each -> parts.addAll(each.parts));
        parts.sort((one, other) -> other.function().path.compareTo(one.function().path));
        parts.forEach(part -> fabric.detach(part.function()));
        parts.forEach(part -> part.port().cut());
        if (firmware != null) {
            gone.forEach(firmware::forget);
        }
        if (hot) {
            parts.forEach(this::powerOff);
            gone.forEach(f -> events.post(l -> l.gone(f)));
        }
        return true;
    }

    /** What is behind a place comes right after it. */
    private void addBehind(SlotPath place, Set<Plugged> to) {
        for (Map.Entry<SlotPath, Plugged> next : cards.tailMap(place, false).entrySet()) {
            if (!next.getKey().isBehind(place)) {
                return;
            }
            to.add(next.getValue());
        }
    }

    private void powerOff(Part part) {
        try {
            part.function().model.powerOff();
        } catch (RuntimeException fault) { // the card is gone all the same
            reporter.accept(part.function() + ": does not power off: " + fault);
        }
    }

    /** See {@code Board.requestEject}. */
    public void requestEject(SlotPath slot) {
        Function port = null;
        synchronized (cards) {
            port = slot.onRootBus() ? null : function(slot.bridge());
        }
        if (port != null) {
            fabric.pressAttentionButton(port);
        }
        Optional<FunctionAddress> there = slot.onRootBus() ? Optional.of(slot.root()) : address(slot);
        there.ifPresent(f -> events.post(l -> l.ejectWanted(f)));
    }

    /** See {@code Board.powerOn}. */
    public void powerOn() {
        List<Plugged> fresh;
        synchronized (cards) {
            checkOpen();
            if (on) {
                return;
            }
            on = true;
            fresh = new ArrayList<>(new LinkedHashSet<>(cards.values()));
            fresh.forEach(c -> c.settled = false);
        }
        Set<Plugged> dead = new HashSet<>();
        for (Plugged card : fresh) {
            if (isBehindDead(card, dead)) {
                drop(card);
                continue;
            }
            try {
                bringUp(card);
            } catch (RuntimeException fault) { // a faulty card must not keep the others from starting
                dead.add(card);
                reporter.accept(card + ": does not power on: " + fault);
            }
        }
        if (firmware != null) {
            firmware.run();
        }
        addresses(fresh);
        fresh.forEach(this::settle);
    }

    private static boolean isBehindDead(Plugged card, Set<Plugged> dead) {
        SlotPath place = card.parts.get(0).function().path;
        return dead.stream().flatMap(d -> d.parts.stream()).anyMatch(part -> place.isBehind(part.function().path));
    }

    private void drop(Plugged card) {
        card.parts.forEach(part -> part.port().cut());
        remove(card);
        reporter.accept(card.parts.get(0).function().path + ": left out, since a bridge above does not power on");
    }

    /** See {@code Board.reset}. */
    public void reset() {
        List<Part> present = new ArrayList<>();
        synchronized (cards) {
            if (!on || closed) {
                return;
            }
            // what gets its power just now is in reset state anyhow
            cards.values().stream().filter(c -> c.settled).distinct().forEach(card -> present.addAll(card.parts));
        }
        fabric.reset();
        present.forEach(part -> part.function().resetModel());
        if (firmware != null) {
            firmware.run();
        }
    }

    /** Refuses new cards and pulls all that are there. */
    public void close() {
        List<SlotPath> places;
        synchronized (cards) {
            closed = true;
            places = new ArrayList<>(cards.descendingKeySet());
        }
        places.forEach(this::unplug);
    }
}
