package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * A card in its slot.
 *
 * <p>Threads: {@code parts} is filled before others know of the card; {@code settled} is guarded by the lock of {@link Slots}.
 */
final class PluggedCard {

    /** A function on the card and what it is plugged into. */
    record Part(Function function, FunctionPort port) {}

    final List<Part> parts = new ArrayList<>();
    /** False while it is being powered or placed, which only one thread does. */
    boolean settled;

    /** The function that stands for the card. */
    Function first() {
        return parts.get(0).function();
    }

    /**
     * Gives it power; its functions answer from then on.
     *
     * @throws RuntimeException what a model throws; then none of its functions has power
     */
    void bringUp(Fabric fabric, Consumer<String> reporter) {
        List<Part> up = new ArrayList<>();
        try {
            for (Part part : parts) {
                part.function().model.powerOn(part.port());
                up.add(part);
                fabric.attach(part.function());
            }
        } finally {
            if (up.size() < parts.size()) {
                Collections.reverse(up);
                up.forEach(part -> fabric.detach(part.function()));
                cut();
                up.forEach(part -> powerOff(part, reporter));
            }
        }
    }

    /** Nothing that the models do has an effect any more. */
    void cut() {
        parts.forEach(part -> part.port().cut());
    }

    static void powerOff(Part part, Consumer<String> reporter) {
        try {
            part.function().model.powerOff();
        } catch (RuntimeException fault) { // the card is gone all the same
            reporter.accept(part.function() + ": does not power off: " + fault);
        }
    }

    @Override
    public String toString() {
        return first().toString();
    }
}
