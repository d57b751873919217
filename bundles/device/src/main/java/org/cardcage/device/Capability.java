package org.cardcage.device;

/**
 * A capability of a function (PCI 3.0 section 6.7, PCI Express 4.0 chapter 7). The list in configuration space has the
 * order of the description.
 */
public sealed interface Capability
        permits AdvancedFeaturesCapability,
                ExpressCapability,
                ExtendedCapability,
                MsiCapability,
                MsixCapability,
                PowerManagementCapability,
                SubsystemCapability,
                VendorCapability {

    /** As an offset: whoever carries the function chooses a free place. */
    int ANYWHERE = 0;

    /** The id that the list shows, 8 bits, or 16 for an extended capability. */
    int id();

    /** Where in configuration space, a multiple of 4, or {@link #ANYWHERE}. */
    int offset();

    /** Bytes it takes in configuration space, with id and pointer. */
    int length();
}
