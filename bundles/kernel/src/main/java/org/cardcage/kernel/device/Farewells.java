package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What somebody wants to be done when a driver or a device has left. */
final class Farewells {

    private record Farewell(BooleanSupplier gone, Runnable action) {}

    private final Object lock;
    private final List<Farewell> waiting = new ArrayList<>();

    /** @param lock guards this object and what the conditions look at */
    Farewells(Object lock) {
        this.lock = lock;
    }

    /** Runs the action once: now if {@code gone} holds, else on the thread that announces that it does. */
    void when(BooleanSupplier gone, Runnable action) {
        synchronized (lock) {
            if (!gone.getAsBoolean()) {
                waiting.add(new Farewell(gone, action));
                return;
            }
        }
        action.run();
    }

    /** Something has changed; what is due is run on the calling thread, without the lock. */
    void announce() {
        List<Farewell> due;
        synchronized (lock) {
            due = waiting.stream().filter(f -> f.gone().getAsBoolean()).toList();
            waiting.removeAll(due);
        }
        due.forEach(f -> f.action().run());
    }
}
