package org.cardcage.machine;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes an interrupt from the interrupt controller. Called on the thread that caused it, which may hold locks of anybody:
 * an implementation only notes the event, wakes another thread and returns.
 */
@ConsumerType
@FunctionalInterface
public interface InterruptSink {

    /** A message has arrived, or a line has gone from low to high. */
    void raised();
}
