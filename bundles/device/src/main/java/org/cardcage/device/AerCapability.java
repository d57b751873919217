package org.cardcage.device;

/**
 * Advanced error reporting (PCI Express 4.0 section 7.8.4). A root port also has the root error registers. Its status
 * registers survive a reset.
 *
 * @param offset of the capability, or {@link #ANYWHERE}
 */
public record AerCapability(int offset) implements ExtendedCapability {

    /** Somewhere. */
    public AerCapability() {
        this(ANYWHERE);
    }

    @Override
    public int id() {
        return 0x0001;
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public int length() {
        return 0x48;
    }
}
