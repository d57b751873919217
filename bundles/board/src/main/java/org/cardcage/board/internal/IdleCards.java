package org.cardcage.board.internal;

import org.cardcage.firmware.Firmware.Relocation;
import org.cardcage.machine.FunctionAddress;

/**
 * Lets firmware move functions that nobody uses: not bus master, no messages enabled, and
 * nothing that they decode is mapped. For the listeners
 * such a function goes and comes back, so that nobody keeps an old address. Threads: any.
 */
public final class IdleCards implements Relocation {

    private final Fabric fabric;
    private final Events events;

    public IdleCards(Fabric fabric, Events events) {
        this.fabric = fabric;
        this.events = events;
    }

    @Override
    public boolean mayMove(FunctionAddress function) {
        return !fabric.isUsed(function);
    }

    @Override
    public void moving(FunctionAddress function) {
        events.post(l -> l.gone(function));
    }

    @Override
    public void moved(FunctionAddress function) {
        events.post(l -> l.plugged(function));
    }

    @Override
    public void windowsMoved(FunctionAddress bridge) {
        events.post(l -> l.windowsMoved(bridge));
    }
}
