package org.cardcage.kernel.device;

import java.util.HashSet;
import java.util.Set;
import org.cardcage.machine.Lane;
import org.cardcage.machine.Timer;

/** What the driver core knows about one device; all fields but the final ones are guarded by the core. */
final class Binding {

    final Device device;
    final Lane lane;
    /** Drivers that have refused the device and are not asked again. */
    final Set<Driver> refused = new HashSet<>();
    /** Whether the device is there. */
    boolean present = true;
    /** The driver that has it, from the end of its probe to the end of its removal. */
    Driver bound;
    /** The driver whose probe is under way. */
    Driver probing;
    /** Tasks posted to the lane that have not ended. */
    int pending;
    /** The driver that wants it and is not yet done with the devices found before; null if there is none. */
    Driver waitsFor;
    /** Reports who does not leave; null if nobody is asked to. */
    Timer watch;
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

    /** The driver that is inside the device, or null. */
    Driver user() {
        return bound != null ? bound : probing;
    }

    boolean uses(Driver driver) {
        return user() == driver;
    }
}
