package org.cardcage.board;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.cardcage.device.DeviceModel;
import org.cardcage.machine.FunctionAddress;

/**
 * What is plugged in and pulled together: the functions of one device, and if some of these are bridges, what is soldered on
 * behind them. Immutable.
 */
public final class Card {

    private static final SlotPath ORIGIN = SlotPath.of(new FunctionAddress(0, 0, 0, 0));

    /** The models by where they would be if the card sat in device 0; bridges before what is behind them. */
    private final SortedMap<SlotPath, DeviceModel> parts;

    private Card(SortedMap<SlotPath, DeviceModel> parts) {
        this.parts = Collections.unmodifiableSortedMap(parts);
    }

    /** A card with functions 0, 1 and so on, at most 8. */
    public static Card of(DeviceModel... functions) {
        TreeMap<SlotPath, DeviceModel> parts = new TreeMap<>();
        for (DeviceModel model : functions) {
            parts.put(ORIGIN.withFunction(parts.size()), model);
        }
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a card without functions");
        }
        return new Card(parts);
    }

    /** A PCI Express switch: an upstream port and behind it downstream ports as devices 0, 1 and so on. */
    public static Card expressSwitch(int ports) {
        Card card = of(Bridge.upstreamPort());
        for (int i = 0; i < ports; i++) {
            card = card.with(ORIGIN.behind(i, 0), Bridge.downstreamPort(i));
        }
        return card;
    }

    /**
     * The card and something behind one of its bridges.
     *
     * @param place as if the card sat at device 0 of a root bus: {@code 00.0/01.0} is device 1 behind function 0
     * @throws IllegalArgumentException if there is no bridge or the place is taken
     */
    public Card with(String place, DeviceModel model) {
        return with(SlotPath.parse(place), model);
    }

    private Card with(SlotPath place, DeviceModel model) {
        DeviceModel bridge = place.onRootBus() ? null : parts.get(place.bridge());
        if (bridge == null || bridge.description().bridge().isEmpty() || parts.containsKey(place)) {
            throw new IllegalArgumentException(place + ": not a free place behind a bridge of this card");
        }
        TreeMap<SlotPath, DeviceModel> more = new TreeMap<>(parts);
        more.put(place, model);
        return new Card(more);
    }

    /**
     * The models by where they are when the card is in a slot, bridges before what is behind them.
     *
     * @param slot where its function 0 goes
     * @throws IllegalArgumentException if the functions do not fit
     */
    public SortedMap<SlotPath, DeviceModel> in(SlotPath slot) {
        TreeMap<SlotPath, DeviceModel> placed = new TreeMap<>();
        for (SlotPath place : parts.keySet()) {
            SlotPath there = slot.withFunction(slot.function() + place.root().function());
            for (int step : place.below()) {
                there = there.behind(step >>> 3, step & 7);
            }
            placed.put(there, parts.get(place));
        }
        return placed;
    }
}
