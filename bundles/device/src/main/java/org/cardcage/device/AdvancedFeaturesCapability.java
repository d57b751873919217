package org.cardcage.device;

/**
 * Function-level reset for a conventional function (PCI ECN "Advanced Capabilities for Conventional PCI").
 *
 * @param offset of the capability, or {@link #ANYWHERE}
 */
public record AdvancedFeaturesCapability(int offset) implements Capability {

    /** Somewhere. */
    public AdvancedFeaturesCapability() {
        this(ANYWHERE);
    }

    @Override
    public int id() {
        return 0x13;
    }

    @Override
    public int length() {
        return 6;
    }
}
