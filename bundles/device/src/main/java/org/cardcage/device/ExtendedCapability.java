package org.cardcage.device;

/**
 * A capability in the extended configuration space from 0x100 on (PCI Express 4.0 section 7.6). The first one of a function
 * lies at 0x100.
 */
public sealed interface ExtendedCapability extends Capability
        permits AcsCapability, AerCapability, SerialNumberCapability {

    /** The version that the list shows, 4 bits. */
    int version();
}
