package org.cardcage.board.internal.osgi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.cardcage.board.Board;
import org.cardcage.board.Card;
import org.cardcage.board.SlotPath;
import org.cardcage.device.DeviceModel;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Scheduler;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the coming and going of card services into plugging and unplugging.
 *
 * <p>Threads: called on the thread that registers or unregisters a card; it only posts to the lane. A departure waits
 * until the card is out of its slot, but not for ever, since the framework waits with it. What changes
 * belongs to the lane.
 */
final class CardTracker implements ServiceTrackerCustomizer<DeviceModel, CardTracker.Tracked> {

    /** The service property that says where a function goes, as in {@code 00:04.0} or {@code 00:1c.0/00.0}. */
    static final String SLOT = "slot";

    /** How long a departing card service waits for its slot, in nanoseconds. */
    static final long PATIENCE = 5_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Board.class);

    /** A tracked card. */
    static final class Tracked {
        final Object name;
        final DeviceModel model;
        final SlotPath slot;
        boolean plugged;

        Tracked(Object name, DeviceModel model, SlotPath slot) {
            this.name = name;
            this.model = model;
            this.slot = slot;
        }
    }

    private final BundleContext context;
    private final Board board;
    private final Scheduler scheduler;
    private final Lane lane;

    /** Those that are in their slots, in the order in which they came. */
    private final Set<Tracked> plugged = new LinkedHashSet<>();

    /** Those whose bridge is not there, by its place. */
    private final Map<SlotPath, List<Tracked>> waiting = new HashMap<>();

    private boolean on;

    CardTracker(BundleContext context, Board board, Scheduler scheduler, Lane lane) {
        this.context = context;
        this.board = board;
        this.scheduler = scheduler;
        this.lane = lane;
    }

    @Override
    public Tracked addingService(ServiceReference<DeviceModel> reference) {
        SlotPath slot = slot(reference);
        DeviceModel model = slot == null ? null : context.getService(reference);
        if (model == null) {
            return null;
        }
        Tracked card = new Tracked(name(reference), model, slot);
        lane.execute(() -> plug(card));
        return card;
    }

    private static SlotPath slot(ServiceReference<DeviceModel> reference) {
        Object value = reference.getProperty(SLOT);
        try {
            if (value instanceof String text) {
                return SlotPath.parse(text.strip());
            }
            LOG.error(
                    "{} is not plugged in: its property \"slot\" is {}; set it to a string as in 00:04.0 or 00:1c.0/00.0",
                    name(reference),
                    value);
        } catch (IllegalArgumentException e) {
            LOG.error("{} is not plugged in: slot {}", name(reference), e.getMessage());
        }
        return null;
    }

    /** The configuration that the card was made from, as the user wrote it, or the service. */
    private static Object name(ServiceReference<DeviceModel> reference) {
        Object pid = reference.getProperty(Constants.SERVICE_PID);
        return pid instanceof String ? pid : reference;
    }

    private void plug(Tracked card) {
        SlotPath bridge = card.slot.bridge();
        if (bridge != null && !board.isPlugged(bridge)) {
            waiting.computeIfAbsent(bridge, b -> new ArrayList<>()).add(card);
            if (on) {
                reportWaiting(bridge, card);
            }
            return;
        }
        plugNow(card);
        if (card.plugged) {
            List<Tracked> behind = waiting.remove(card.slot);
            if (behind != null) {
                behind.forEach(this::plug);
            }
        }
    }

    /** On the lane: the board is about to be powered on; whoever waits for a bridge from now on is told so. */
    void powerComesOn() {
        on = true;
        waiting.forEach((bridge, cards) -> cards.forEach(card -> reportWaiting(bridge, card)));
        plugged.forEach(this::reportIfHidden);
    }

    private void reportIfHidden(Tracked card) {
        if (!board.isPlugged(card.slot.withFunction(0))) {
            LOG.info("{}: is found as soon as function 0 of its card is plugged in", card.name);
        }
    }

    private static void reportWaiting(SlotPath bridge, Tracked card) {
        LOG.error("{} is not plugged in: nothing sits at {}; it waits for a bridge there", card.name, bridge);
    }

    private void plugNow(Tracked card) {
        try {
            board.plug(card.slot, Card.of(card.model));
            card.plugged = true;
            plugged.add(card);
            if (on) {
                reportIfHidden(card);
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            LOG.error("{} is not plugged in: {}", card.name, e.getMessage());
        } catch (RuntimeException e) { // the fault of one card is not that of the others
            LOG.error("{} is not plugged in", card.name, e);
        }
    }

    @Override
    public void modifiedService(ServiceReference<DeviceModel> reference, Tracked card) {
        if (!card.slot.equals(slot(reference))) {
            LOG.error("slot {}: a card does not move while it is plugged in; it stays", card.slot);
        }
    }

    @Override
    public void removedService(ServiceReference<DeviceModel> reference, Tracked card) {
        unplugAndWait(card);
        context.ungetService(reference);
    }

    private void unplugAndWait(Tracked card) {
        try {
            boolean out = Posted.run(scheduler, lane, "card to leave slot " + card.slot, PATIENCE, () -> {
                if (card.plugged) {
                    board.unplug(card.slot);
                    forget(card.slot);
                } else {
                    waiting.getOrDefault(card.slot.bridge(), new ArrayList<>()).remove(card);
                }
            });
            if (!out) {
                LOG.error(
                        "slot {}: the card's service is gone, but pulling the card hangs in thread {}",
                        card.slot,
                        lane.runner());
            }
        } catch (RejectedExecutionException closed) {
            LOG.debug("slot {}: the board is closed already", card.slot);
        }
    }

    /** A card that has gone with the bridge above has had its time: a model is powered on once. */
    private void forget(SlotPath slot) {
        plugged.removeIf(card -> {
            boolean gone = card.slot.equals(slot) || card.slot.isBehind(slot);
            card.plugged &= !gone;
            return gone;
        });
    }
}
