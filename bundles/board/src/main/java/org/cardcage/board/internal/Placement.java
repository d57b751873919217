package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.machine.AddressRange;

/** Finds room for BARs in a host bridge's windows. Not for use by several threads. */
public final class Placement {

    /** Where a PC's firmware puts what belongs to the chipset itself. */
    public static final AddressRange CHIPSET_MEMORY = new AddressRange(0xfeb0_0000L, 0x10_0000);
    /** Ports below belong to the devices every PC has. */
    public static final AddressRange CHIPSET_PORTS = new AddressRange(0, 0xc000);

    private final List<AddressRange> windows;
    private final List<AddressRange> taken = new ArrayList<>();

    public Placement(List<AddressRange> windows) {
        this.windows = windows;
    }

    public void reserve(AddressRange range) {
        taken.add(range);
    }

    /**
     * The highest free place in the first window that has one, so that addresses below 4 GiB are used first.
     *
     * @param size a power of two, also the alignment
     * @param limit the last address that may be used
     * @return the address, or 0
     */
    public long highest(long size, long limit) {
        for (AddressRange window : windows) {
            long at = (Math.min(window.last(), limit) + 1 - size) & -size;
            while (at > 0 && at >= window.start() && fits(window, at, size)) {
                AddressRange obstacle = obstacle(at, size);
                if (obstacle == null) {
                    return at;
                }
                at = (obstacle.start() - size) & -size;
            }
        }
        return 0;
    }

    /** The lowest free place, or 0; {@code size} as for {@link #highest}. */
    public long lowest(long size) {
        for (AddressRange window : windows) {
            long at = (Math.max(window.start(), 1) + size - 1) & -size;
            while (fits(window, at, size)) {
                AddressRange obstacle = obstacle(at, size);
                if (obstacle == null) {
                    return at;
                }
                at = (obstacle.last() + size) & -size;
            }
        }
        return 0;
    }

    private static boolean fits(AddressRange window, long at, long size) {
        return window.contains(at, size);
    }

    private AddressRange obstacle(long at, long size) {
        AddressRange wanted = new AddressRange(at, size);
        return taken.stream().filter(wanted::overlaps).findFirst().orElse(null);
    }
}
