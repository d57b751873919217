package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What somebody wants to be done when a driver or a device has left. */
final class Farewells {

    private final Object lock;
    private final Map<Object, List<Runnable>> waiting = new HashMap<>();
    /** By the thread that has found them due, so that each lane runs its own only. */
    private final Map<Thread, List<Runnable>> due = new HashMap<>();

    /** @param lock guards this object and what the conditions look at */
    Farewells(Object lock) {
        this.lock = lock;
    }

    /** Runs the action once: now if {@code gone} holds, else when {@link #left} has been called for {@code who}. */
    void when(Object who, BooleanSupplier gone, Runnable action) {
        synchronized (lock) {
            if (!gone.getAsBoolean()) {
                waiting.computeIfAbsent(who, w -> new ArrayList<>()).add(action);
                return;
            }
        }
        action.run();
    }

    /** A driver or a device has left; caller holds the lock and calls {@link #announce} later, without it. */
    void left(Object who) {
        List<Runnable> actions = waiting.remove(who);
        if (actions != null) {
            due.computeIfAbsent(Thread.currentThread(), t -> new ArrayList<>()).addAll(actions);
        }
    }

    /** What {@link #left} on the calling thread has made due is run, without the lock. */
    void announce() {
        List<Runnable> actions;
        synchronized (lock) {
            actions = due.remove(Thread.currentThread());
        }
        if (actions != null) {
            actions.forEach(Runnable::run);
        }
    }
}
