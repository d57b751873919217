package org.cardcage.board.internal;

/** How far a reset goes, from the least to the most. */
enum Reset {
    /**
     * Of one function alone: function-level reset (PCI Express 4.0 section 6.6.2) or the way from D3hot to D0. What a link has
     * in common with its other end stays as it is.
     */
    FUNCTION,
    /** Of a bus with all that is on it. Bits that the specifications call sticky survive. */
    BUS,
    /** Power was gone; nothing survives. */
    POWER
}
