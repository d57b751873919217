package org.cardcage.edu.live;

/**
 * What shows that a computation, and the interrupt after it, are over: all of it is read until it is so.
 *
 * @param window where the registers are
 * @param status of the unit
 * @param pending interrupt bits
 * @param requested whether the configuration status says that the pin is requested
 * @param doorbell as in {@link Outcome}, but never empty
 */
record Evidence(long window, long status, long pending, boolean requested, String doorbell) {}
