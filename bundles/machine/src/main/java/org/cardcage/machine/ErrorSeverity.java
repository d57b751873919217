package org.cardcage.machine;

/** How bad an error of PCI Express is (PCI Express 4.0 section 6.2.2). */
public enum ErrorSeverity {
    /** Mended by the hardware; nothing is lost. */
    CORRECTABLE,
    /** A transaction has failed, the link still works (Linux {@code pci_channel_io_normal}). */
    NON_FATAL,
    /** The link is not to be trusted before a reset (Linux {@code pci_channel_io_frozen}). */
    FATAL
}
