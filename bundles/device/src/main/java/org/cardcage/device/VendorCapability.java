package org.cardcage.device;

import java.util.Arrays;
import java.util.List;

/**
 * A vendor-specific capability (PCI 3.0 appendix H): a length and bytes that software can only read.
 *
 * @param offset of the capability, or {@link #ANYWHERE}
 * @param bytes what follows the length, each 0 to 255, at most 180
 */
public record VendorCapability(int offset, List<Integer> bytes) implements Capability {

    private static final int MOST = 180;

    /** @throws IllegalArgumentException if a part is out of its range */
    public VendorCapability {
        bytes = List.copyOf(bytes);
        CapabilityPlace.limit("length of the vendor-specific data", bytes.size(), MOST);
        bytes.forEach(b -> CapabilityPlace.limit("vendor-specific byte", b, 0xff));
    }

    /** Somewhere. */
    public static VendorCapability of(int... bytes) {
        return new VendorCapability(ANYWHERE, Arrays.stream(bytes).boxed().toList());
    }

    @Override
    public int id() {
        return 0x09;
    }

    @Override
    public int length() {
        return 3 + bytes.size();
    }
}
