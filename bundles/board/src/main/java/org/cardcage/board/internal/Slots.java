package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.cardcage.board.Card;
import org.cardcage.board.SlotPath;
import org.cardcage.board.internal.PluggedCard.Part;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.firmware.Firmware;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Scheduler;

/**
 * The slots of a board and its power. A bridge brings slots along, and takes them and all that is in them away.
 *
 * <p>Threads: any. {@code cards}, {@code on} and {@code closed} are guarded by the lock of {@code cards}, under which no
 * model and no listener is called; the lock of the {@link Fabric} may be taken inside it. {@code placing}, which is taken
 * first, is held while firmware works, as firmware's own lock is. Two operations on the same slot at once fail cleanly; a card
 * that is slow to power on holds up nobody else.
 */
public final class Slots {

    private final Fabric fabric;
    private final Scheduler scheduler;
    private final Consumer<String> reporter;
    private final Firmware firmware;
    private final Events events;

    private final SlotTable cards;

    /** Held by who changes what software finds where, so that firmware and listeners hear of it in order. */
    private final Object placing = new Object();

    private boolean on;
    private boolean closed;

    /** @param firmware null if none is to run */
    public Slots(Fabric fabric, Scheduler scheduler, Consumer<String> reporter, Firmware firmware, Events events) {
        this.fabric = fabric;
        this.scheduler = scheduler;
        this.reporter = reporter;
        this.firmware = firmware;
        this.events = events;
        cards = new SlotTable(fabric);
        fabric.onSwitchedLink(this::linkSwitched);
    }

    /** See {@code Board.plug}. */
    public void plug(SlotPath slot, Card card) {
        SortedMap<SlotPath, DeviceModel> models = card.in(slot);
        Map<DeviceModel, FunctionDescription> descriptions = new IdentityHashMap<>();
        models.values().forEach(model -> descriptions.put(model, model.description()));
        PluggedCard plugged = new PluggedCard();
        boolean hot;
        synchronized (cards) {
            checkOpen();
            TreeMap<SlotPath, Function> fresh = new TreeMap<>();
            models.forEach((place, model) ->
                    fresh.put(place, new Function(cards.freeBus(place, fresh), place, descriptions.get(model), model)));
            for (Function function : fresh.values()) {
                FunctionPort port = new FunctionPort(fabric, function, scheduler, reporter, events);
                plugged.parts.add(new Part(function, port));
            }
            cards.put(plugged);
            hot = on;
            plugged.settled = !hot;
        }
        if (hot) {
            bringUp(plugged);
            if (!fabric.isReachable(plugged.first())) {
                reporter.accept(plugged.first().path
                        + ": cannot be reached; a bridge above has no bus number, is held in reset, is not in D0 or has its link"
                        + " switched off");
            }
            try {
                synchronized (placing) {
                    place(List.of(plugged));
                }
            } finally {
                pullIfClosed();
            }
        }
    }

    private void bringUp(PluggedCard card) {
        boolean up = false;
        try {
            card.bringUp(fabric, reporter);
            up = true;
        } finally {
            if (!up) {
                cards.remove(card);
            }
        }
    }

    /**
     * The link below a port has been switched off or on: for software what is behind it has been pulled or plugged in. A card
     * that is just being plugged in is left to who does so.
     */
    private void linkSwitched(Function port) {
        synchronized (placing) {
            List<PluggedCard> behind = new ArrayList<>();
            synchronized (cards) {
                cards.behind(port.path).stream().filter(c -> c.settled).forEach(behind::add);
            }
            if (fabric.isLinkOff(port)) {
                lose(behind);
            } else {
                behind.removeIf(card -> card.first().found != null);
                place(behind);
            }
        }
    }

    /** With {@code placing} held: sets up what can be reached, and tells of it. */
    private void place(List<PluggedCard> fresh) {
        try {
            if (firmware != null) {
                byBus(fresh).values().forEach(firmware::place);
            }
        } finally { // whatever firmware makes of it, the card can be pulled again
            settle(fresh);
        }
        look(fresh);
        List<FunctionAddress> found = found(fresh);
        Collections.reverse(found);
        found.forEach(f -> events.post(l -> l.plugged(f)));
    }

    /** With {@code placing} held: forgets where these were found, and tells that they are gone. */
    private void lose(Collection<PluggedCard> some) {
        List<FunctionAddress> lost = found(some);
        some.forEach(card -> card.parts.forEach(part -> part.function().lose()));
        if (firmware != null) {
            lost.forEach(firmware::forget);
        }
        lost.forEach(f -> events.post(l -> l.gone(f)));
    }

    /** The functions of cards that can be reached, without those behind others of them, which firmware finds. */
    private Map<Bus, List<FunctionAddress>> byBus(List<PluggedCard> some) {
        Set<Bus> behind = new HashSet<>();
        some.forEach(card -> card.parts.forEach(part -> behind.add(part.function().secondary)));
        Map<Bus, List<FunctionAddress>> found = new LinkedHashMap<>();
        for (PluggedCard card : some) {
            for (Part part : card.parts) {
                Function function = part.function();
                if (!behind.contains(function.bus) && fabric.isReachable(function)) {
                    found.computeIfAbsent(function.bus, b -> new ArrayList<>()).add(function.address());
                }
            }
        }
        return found;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the board is closed");
        }
    }

    private void settle(Collection<PluggedCard> some) {
        synchronized (cards) {
            some.forEach(card -> card.settled = true);
        }
    }

    /** Who has been busy with cards calls this afterwards, since whoever closed the board has left them to him. */
    private void pullIfClosed() {
        boolean late;
        synchronized (cards) {
            late = closed;
        }
        if (late) {
            pullAll();
        }
    }

    /** With {@code placing} held: notes where the functions of these cards are found. */
    private void look(Collection<PluggedCard> some) {
        fabric.look(some.stream()
                .flatMap(card -> card.parts.stream())
                .map(Part::function)
                .toList());
    }

    /** Where the functions of these cards were when somebody last looked, if they could be reached then; those behind bridges first. */
    private static List<FunctionAddress> found(Collection<PluggedCard> some) {
        TreeMap<SlotPath, FunctionAddress> found = new TreeMap<>();
        for (PluggedCard card : some) {
            for (Part part : card.parts) {
                Function function = part.function();
                if (function.found != null) {
                    found.put(function.path, function.found);
                }
            }
        }
        return new ArrayList<>(found.descendingMap().values());
    }

    /** See {@code Board.isPlugged}. */
    public boolean isPlugged(SlotPath place) {
        return cards.card(place) != null;
    }

    /** See {@code Board.address}. */
    public Optional<FunctionAddress> address(SlotPath place) {
        return Optional.ofNullable(cards.function(place))
                .filter(fabric::isReachable)
                .map(Function::address);
    }

    /** See {@code Board.unplug}. */
    public boolean unplug(SlotPath slot) {
        return unplug(slot, false);
    }

    /** @param lenient leaves a card alone with which somebody is busy, instead of throwing */
    private boolean unplug(SlotPath slot, boolean lenient) {
        Set<PluggedCard> pulled = new LinkedHashSet<>();
        boolean hot;
        synchronized (cards) {
            PluggedCard card = cards.card(slot);
            if (card == null) {
                return false;
            }
            pulled.add(card);
            card.parts.forEach(part -> pulled.addAll(cards.behind(part.function().path)));
            for (PluggedCard each : pulled) {
                if (!each.settled && lenient) {
                    return false;
                } else if (!each.settled) {
                    throw new IllegalStateException("slot " + each + " is being plugged in or powered on just now");
                }
            }
            pulled.forEach(cards::remove);
            hot = on;
        }
        List<Part> parts = new ArrayList<>();
        pulled.forEach(each -> parts.addAll(each.parts));
        parts.sort((one, other) -> other.function().path.compareTo(one.function().path));
        synchronized (placing) {
            // the last chance to see where software has put them; what came with a link is told by who switched that
            look(pulled.stream().filter(each -> !each.first().hidden).toList());
            parts.forEach(part -> fabric.detach(part.function()));
            parts.forEach(part -> part.port().cut());
            lose(pulled);
        }
        if (hot) {
            parts.forEach(part -> PluggedCard.powerOff(part, reporter));
        }
        return true;
    }

    /** See {@code Board.requestEject}. */
    public void requestEject(SlotPath slot) {
        Function port = slot.onRootBus() ? null : cards.function(slot.bridge());
        if (port != null) {
            fabric.ports().pressAttentionButton(port);
        }
        Optional<FunctionAddress> there = slot.onRootBus() ? Optional.of(slot.root()) : address(slot);
        there.ifPresent(f -> events.post(l -> l.ejectWanted(f)));
    }

    /** See {@code Board.powerOn}. */
    public void powerOn() {
        List<PluggedCard> fresh;
        synchronized (cards) {
            checkOpen();
            if (on) {
                return;
            }
            on = true;
            fresh = new ArrayList<>(cards.all());
            fresh.forEach(c -> c.settled = false);
        }
        try {
            bringUp(fresh);
            synchronized (placing) {
                if (firmware != null) {
                    firmware.run();
                }
                look(fresh);
            }
        } finally { // whatever firmware makes of them, the cards can be pulled again
            settle(fresh);
            pullIfClosed();
        }
    }

    private void bringUp(List<PluggedCard> fresh) {
        Set<PluggedCard> dead = new HashSet<>();
        for (PluggedCard card : fresh) {
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
    }

    private static boolean isBehindDead(PluggedCard card, Set<PluggedCard> dead) {
        SlotPath place = card.first().path;
        return dead.stream().flatMap(d -> d.parts.stream()).anyMatch(part -> place.isBehind(part.function().path));
    }

    private void drop(PluggedCard card) {
        card.cut();
        cards.remove(card);
        reporter.accept(card.first().path + ": left out, since a bridge above does not power on");
    }

    /** See {@code Board.reset}. */
    public void reset() {
        List<Part> present = new ArrayList<>();
        synchronized (cards) {
            if (!on || closed) {
                return;
            }
            // what gets its power just now is in reset state anyhow
            cards.all().stream().filter(c -> c.settled).forEach(card -> present.addAll(card.parts));
        }
        List<Function> switchedOn = fabric.reset();
        present.forEach(part -> part.function().resetModel());
        synchronized (placing) {
            if (firmware != null) {
                firmware.run();
            }
        }
        switchedOn.forEach(this::linkSwitched);
    }

    /** Refuses new cards and pulls all that are there; a card with which somebody is busy is pulled when he is done. */
    public void close() {
        synchronized (cards) {
            closed = true;
        }
        pullAll();
    }

    private void pullAll() {
        cards.placesUpwards().forEach(place -> unplug(place, true));
    }
}
