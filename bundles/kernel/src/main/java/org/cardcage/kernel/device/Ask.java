package org.cardcage.kernel.device;

import java.util.Optional;

/** Somebody wants a certain driver to probe a device, and waits for what comes of it. Guarded by the lock of the core. */
final class Ask {

    final Driver driver;
    private boolean answered;
    private ProbeOutcome outcome;

    Ask(Driver driver) {
        this.driver = driver;
    }

    /** @param probe how the probe has ended; null if there was none, since one of the two has gone */
    void answer(ProbeOutcome probe) {
        answered = true;
        outcome = probe;
    }

    boolean isAnswered() {
        return answered;
    }

    Optional<ProbeOutcome> outcome() {
        return Optional.ofNullable(outcome);
    }
}
