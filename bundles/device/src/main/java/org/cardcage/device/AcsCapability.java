package org.cardcage.device;

/**
 * Access control services (PCI Express 4.0 section 7.7.7): the control bits can be set, the fabric does not act on them.
 *
 * @param offset of the capability, or {@link #ANYWHERE}
 * @param controls which of the seven controls there are, bit 0 source validation to bit 6 direct translated peer-to-peer
 */
public record AcsCapability(int offset, int controls) implements ExtendedCapability {

    /** Source validation, translation blocking, request and completion redirect, upstream forwarding. */
    public static final int USUAL = 0x1f;

    /** @throws IllegalArgumentException if a part is out of its range */
    public AcsCapability {
        CapabilityPlace.limit("ACS controls", controls, 0x7f);
    }

    /** Somewhere, with the {@link #USUAL} controls. */
    public AcsCapability() {
        this(ANYWHERE, USUAL);
    }

    @Override
    public int id() {
        return 0x000d;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public int length() {
        return 8;
    }
}
