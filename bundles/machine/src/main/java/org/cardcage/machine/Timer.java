package org.cardcage.machine;

/** An action that is due at a later time; see {@link Scheduler#schedule}. */
public interface Timer {

    /**
     * Drops the action if it has not begun.
     *
     * @return whether it was dropped; false if it has begun, is done or was cancelled before
     */
    boolean cancel();
}
