package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.cardcage.board.SlotPath;
import org.cardcage.board.internal.PluggedCard.Part;
import org.cardcage.machine.FunctionAddress;

/**
 * Which card is in which slot. Threads: guarded by its own monitor, which {@link Slots} holds for what has to be one step;
 * the lock of the {@link Fabric} may be taken inside it.
 */
final class SlotTable {

    private final Fabric fabric;

    /** By the place of each function. */
    private final NavigableMap<SlotPath, PluggedCard> cards = new TreeMap<>();

    SlotTable(Fabric fabric) {
        this.fabric = fabric;
    }

    /**
     * The bus that a place is on, if the place is free.
     *
     * @param fresh functions of the same card
     * @throws IllegalArgumentException if there is no such place
     * @throws IllegalStateException if it is taken or just being set up
     */
    synchronized Bus freeBus(SlotPath place, SortedMap<SlotPath, Function> fresh) {
        Bus bus = place.onRootBus() ? root(place) : behind(place, fresh);
        if (cards.containsKey(place) || fabric.isTaken(bus, place.device(), place.function())) {
            throw new IllegalStateException("slot " + place + " is taken");
        }
        return bus;
    }

    private Bus root(SlotPath place) {
        FunctionAddress root = place.root();
        Bus bus = fabric.rootBus(root.domain(), root.bus());
        if (bus == null) {
            throw new IllegalArgumentException(
                    String.format("slot %s: this board has no root bus %04x:%02x", place, root.domain(), root.bus()));
        }
        return bus;
    }

    private Bus behind(SlotPath place, SortedMap<SlotPath, Function> fresh) {
        SlotPath above = place.bridge();
        Function bridge = fresh.containsKey(above) ? fresh.get(above) : function(above);
        Bus bus = bridge == null ? null : bridge.secondary();
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
        return bus;
    }

    synchronized void put(PluggedCard card) {
        card.parts.forEach(part -> cards.put(part.function().path, card));
    }

    synchronized void remove(PluggedCard card) {
        card.parts.forEach(part -> cards.remove(part.function().path));
    }

    /** The card with a function at this place, or null. */
    synchronized PluggedCard card(SlotPath place) {
        return cards.get(place);
    }

    /** The function at this place, or null. */
    synchronized Function function(SlotPath place) {
        PluggedCard card = cards.get(place);
        return card == null
                ? null
                : card.parts.stream()
                        .map(Part::function)
                        .filter(f -> f.path.equals(place))
                        .findFirst()
                        .orElse(null);
    }

    /** The cards behind a bridge, each before those behind itself. */
    synchronized Set<PluggedCard> behind(SlotPath bridge) {
        Set<PluggedCard> behind = new LinkedHashSet<>();
        for (Map.Entry<SlotPath, PluggedCard> next :
                cards.tailMap(bridge, false).entrySet()) {
            if (!next.getKey().isBehind(bridge)) { // what is behind a place comes right after it
                break;
            }
            behind.add(next.getValue());
        }
        return behind;
    }

    /** All cards, each before those behind it. */
    synchronized Set<PluggedCard> all() {
        return new LinkedHashSet<>(cards.values());
    }

    /** The places of all functions, each after what is behind it. */
    synchronized List<SlotPath> placesUpwards() {
        return new ArrayList<>(cards.descendingKeySet());
    }
}
