package org.cardcage.kernel.device;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Something that is done on the lane of a device while somebody waits for it. Who waits no longer drops it: if it has not
 * begun, it never will.
 *
 * <p>Threads: {@link #run} once on the lane, the others on the thread that waits; {@code this} guards all fields.
 */
final class Errand {

    private enum State {
        WAITS,
        RUNS,
        ENDED,
        DROPPED
    }

    private final Consumer<Optional<Driver>> action;
    private State state = State.WAITS;
    private RuntimeException fault;
    private Error error;

    Errand(Consumer<Optional<Driver>> action) {
        this.action = action;
    }

    void run(Optional<Driver> driver) {
        synchronized (this) {
            if (state == State.DROPPED) {
                return;
            }
            state = State.RUNS;
        }
        RuntimeException thrown = null;
        Error fatal = null;
        try {
            action.accept(driver);
        } catch (RuntimeException e) {
            thrown = e;
        } catch (Error e) {
            fatal = e;
        }
        synchronized (this) {
            state = State.ENDED;
            fault = thrown;
            error = fatal;
        }
    }

    synchronized boolean hasEnded() {
        return state == State.ENDED;
    }

    /** Nobody waits any more. */
    synchronized void drop() {
        if (state == State.WAITS) {
            state = State.DROPPED;
        }
    }

    /** Throws what the action has thrown. */
    synchronized void check() {
        if (error != null) {
            throw error;
        }
        if (fault != null) {
            throw fault;
        }
    }
}
