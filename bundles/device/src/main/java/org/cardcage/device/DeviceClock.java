package org.cardcage.device;

import org.osgi.annotation.versioning.ProviderType;

/** Time of the machine that carries a function. Threads: any. */
@ProviderType
public interface DeviceClock {

    /** Monotonic, in nanoseconds since the machine was made; never negative. */
    long nanoTime();

    /**
     * Runs {@code action} at {@code deadline} or as soon after it as possible, on a thread that other functions share: the
     * action must be short.
     *
     * @param deadline in the time of {@link #nanoTime}
     */
    Alarm schedule(long deadline, Runnable action);

    /** A scheduled action. */
    @FunctionalInterface
    interface Alarm {
        /** Drops the action if it has not begun; whether it was dropped. */
        boolean cancel();
    }
}
