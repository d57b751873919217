package org.cardcage.pci;

/** How much of a function is powered (PCI Power Management 1.2 section 5; Linux {@code pci_power_t}). */
public enum PowerState {
    /** At work. */
    D0,
    D1,
    D2,
    /** As good as off: only configuration space answers. */
    D3HOT,
    /** Without power, or gone. */
    D3COLD
}
