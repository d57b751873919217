package org.cardcage.device;

/**
 * A power management capability (PCI Power Management 1.2 section 3.2).
 *
 * @param offset of the capability, or {@link #ANYWHERE}
 * @param d1 whether there is a state D1
 * @param d2 whether there is a state D2
 * @param pmeFrom the states from which the function can wake the machine: bit 0 for D0 to bit 3 for D3hot, bit 4 for D3cold
 * @param softReset whether the way from D3hot to D0 is a reset of the function
 */
public record PowerManagementCapability(int offset, boolean d1, boolean d2, int pmeFrom, boolean softReset)
        implements Capability {

    /** @throws IllegalArgumentException if a part is out of its range */
    public PowerManagementCapability {
        CapabilityPlace.limit("PME states", pmeFrom, 0x1f);
    }

    /** Somewhere, D0 and D3hot only, no wake-up; coming back from D3hot resets the function. */
    public static PowerManagementCapability basic() {
        return new PowerManagementCapability(ANYWHERE, false, false, 0, true);
    }

    @Override
    public int id() {
        return 0x01;
    }

    @Override
    public int length() {
        return 8;
    }
}
