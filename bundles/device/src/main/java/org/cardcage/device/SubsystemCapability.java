package org.cardcage.device;

/**
 * Subsystem ids of a bridge, whose header has no place for them (PCI-to-PCI Bridge 1.2 section 3.2.5.13).
 *
 * @param offset of the capability, or {@link #ANYWHERE}
 * @param vendor 16 bits
 * @param subsystem 16 bits
 */
public record SubsystemCapability(int offset, int vendor, int subsystem) implements Capability {

    /** @throws IllegalArgumentException if a part is out of its range */
    public SubsystemCapability {
        CapabilityPlace.limit("subsystem vendor id", vendor, 0xffff);
        CapabilityPlace.limit("subsystem id", subsystem, 0xffff);
    }

    /** Somewhere. */
    public static SubsystemCapability of(int vendor, int subsystem) {
        return new SubsystemCapability(ANYWHERE, vendor, subsystem);
    }

    @Override
    public int id() {
        return 0x0d;
    }

    @Override
    public int length() {
        return 8;
    }
}
