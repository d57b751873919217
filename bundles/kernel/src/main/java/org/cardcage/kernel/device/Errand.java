package org.cardcage.kernel.device;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Something that is done on the lane of a device while somebody waits for it.
 *
 * <p>Threads: {@link #run} once on the lane, the others on the thread that waits; {@code ended} publishes the outcome.
 */
final class Errand {

    private final Consumer<Optional<Driver>> action;
    private RuntimeException fault;
    private Error error;
    private volatile boolean ended;

    Errand(Consumer<Optional<Driver>> action) {
        this.action = action;
    }

    void run(Optional<Driver> driver) {
        try {
            action.accept(driver);
        } catch (RuntimeException e) {
            fault = e;
        } catch (Error e) {
            error = e;
        } finally {
            ended = true;
        }
    }

    boolean hasEnded() {
        return ended;
    }

    /** Throws what the action has thrown. */
    void check() {
        if (error != null) {
            throw error;
        }
        if (fault != null) {
            throw fault;
        }
    }
}
