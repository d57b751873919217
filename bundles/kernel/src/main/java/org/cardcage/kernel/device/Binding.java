package org.cardcage.kernel.device;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.Timer;

/** What the driver core knows about one device; all fields but the final ones are guarded by the core. */
final class Binding {

    final Device device;
    final Lane lane;
    /** Drivers that have refused the device and are not asked again. */
    final Set<Driver> refused = new HashSet<>();
    /** Those of them that want to be asked again when something has changed. */
    final Set<Driver> deferring = new HashSet<>();
    /** Place in the order in which devices were found. */
    long number;
    /** The drivers that match, in the order of their registration. */
    List<Driver> candidates = List.of();
    /** Whether it is in the queues of its candidates, and in whose count of devices it is; kept by {@link Bindings}. */
    boolean queued;

    Driver counted;
    /** Whether the device is there. */
    boolean present = true;
    /** The driver that has it, from the end of its probe to the end of its removal. */
    Driver bound;
    /** Whether the driver that has it shall leave although both are there. */
    boolean unbinding;
    /** The driver that somebody wants for it, before all others and in any case; null if nobody does. */
    Ask asked;
    /** The driver whose probe is under way. */
    Driver probing;
    /** Tasks posted to the lane that have not ended. */
    int pending;
    /** The driver that wants it and is not yet done with the devices found before; null if there is none. */
    Driver waitsFor;
    /** Reports who does not leave; null if nobody is asked to. */
    Timer watch;
    /** When the probe or removal under way is overdue; NEVER if nobody watches it. */
    long deadline = Scheduler.NEVER;
    /** Whether the deadline is that of a removal. */
    boolean removal;
    /** Whether it has been reported that somebody does not leave. */
    boolean overdue;

    Binding(Device device, Lane lane) {
        this.device = device;
        this.lane = lane;
    }

    /** Whether something is still to be done. */
    boolean isBusy() {
        return pending > 0 || waitsFor != null;
    }

    /** Whether a driver that matches may still come to probe it, as far as one can tell without asking who hangs on to it. */
    boolean isOpenTo(Driver driver) {
        return !overdue || probing == driver;
    }

    /** Whether it is busy and a driver that matches has not been asked yet. */
    boolean isWantedBy(Driver driver) {
        return bound == null && !overdue && !refused.contains(driver);
    }

    /**
     * The driver to ask next.
     *
     * @param held whether no driver is asked at the moment
     */
    Optional<Driver> next(boolean held) {
        if (asked != null && (!present || !candidates.contains(asked.driver))) {
            answer(null);
        }
        if (!present || held || asked != null) {
            return Optional.ofNullable(asked).map(ask -> ask.driver);
        }
        return candidates.stream().filter(d -> !refused.contains(d)).findFirst();
    }

    /** Tells who has asked for a driver what has come of it; null if nothing. */
    void answer(ProbeOutcome outcome) {
        if (asked != null) {
            asked.answer(outcome);
            asked = null;
        }
    }

    /** Whether its user shall leave. */
    boolean isLeaving(MatchIndex drivers) {
        return user() != null && (!present || unbinding || !drivers.contains(user()));
    }

    /** Whoever was asked to leave has left. */
    void unwatch() {
        deadline = Scheduler.NEVER;
        removal = false;
        if (watch != null) {
            watch.cancel();
            watch = null;
        }
    }

    /** The driver that is inside the device, or null. */
    Driver user() {
        return bound != null ? bound : probing;
    }

    boolean uses(Driver driver) {
        return user() == driver;
    }
}
