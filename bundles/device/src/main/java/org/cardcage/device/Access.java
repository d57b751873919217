package org.cardcage.device;

/** What software can do with a register. */
public enum Access {
    /** Reads give the value, writes are ignored. */
    RO,
    /** Reads are answered like an unmapped offset. */
    WO,
    /** Both. */
    RW
}
