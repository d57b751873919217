package org.cardcage.machine;

/** The ways in which a PCI function interrupts. */
public enum VectorKind {
    /** A level-triggered line, shared with other functions (PCI 3.0 section 2.2.6). */
    INTX,
    /** A memory write of the address and data in the MSI capability (PCI 3.0 section 6.8.1). */
    MSI,
    /** A memory write out of the MSI-X table (PCI 3.0 section 6.8.2). */
    MSIX
}
