package org.cardcage.board.internal;

import org.cardcage.device.PowerState;

/**
 * What configuration space says about a function's messages. Immutable; a change replaces it as a whole.
 *
 * @param msi whether MSI is enabled
 * @param msix whether MSI-X is enabled; software enables one of the two at most, and MSI-X wins here
 * @param master whether the function is bus master
 * @param power its power state
 * @param address where MSI messages go
 * @param data what the first of them writes
 * @param count how many MSI vectors are enabled, a power of two
 * @param masked MSI vectors that are masked, vector 0 in bit 0
 * @param allMasked whether all MSI-X vectors are masked
 */
record MessageState(
        boolean msi,
        boolean msix,
        boolean master,
        PowerState power,
        long address,
        int data,
        int count,
        int masked,
        boolean allMasked) {

    /** A function without power. */
    static final MessageState OFF = new MessageState(false, false, false, PowerState.D3HOT, 0, 0, 1, 0, true);

    static MessageState of(ConfigSpace config, boolean master) {
        MsiRegisters msi = config.msi();
        MsixRegisters msix = config.msix();
        boolean hasMsi = msi != null;
        return new MessageState(
                hasMsi && msi.enabled(),
                msix != null && msix.enabled(),
                master,
                config.powerState(),
                hasMsi ? msi.address() : 0,
                hasMsi ? msi.data() : 0,
                hasMsi ? msi.count() : 1,
                hasMsi ? msi.masked() : 0,
                msix != null && msix.masked());
    }

    boolean enabled() {
        return msi || msix;
    }

    /** The capability in use, for people. */
    String kind() {
        return msix ? "MSI-X" : "MSI";
    }

    /** The MSI vector that is sent for {@code vector}: with fewer enabled than the function has, several share one. */
    int msiVector(int vector) {
        return vector & (count - 1);
    }

    boolean msiMasked(int vector) {
        return (masked >>> vector & 1) != 0;
    }

    /** The data that names an MSI vector. */
    int msiData(int vector) {
        return data & ~(count - 1) | vector;
    }
}
