package org.cardcage.device;

/** Power states of a function that still has power (PCI Power Management 1.2 section 5.4). */
public enum PowerState {
    /** At work. */
    D0,
    D1,
    D2,
    /** As good as off: only configuration space answers. */
    D3HOT
}
