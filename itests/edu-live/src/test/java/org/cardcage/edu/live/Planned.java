package org.cardcage.edu.live;

/**
 * An operation that the model has done and QEMU is to do.
 *
 * @param outcome of the model
 * @param known the answer that it must have; null if that is not written down
 * @param evidence of the end of a computation that the operation has started; null if it has started none
 */
record Planned(Operation operation, Outcome outcome, String known, Evidence evidence) {}
