package org.cardcage.board.internal;

import java.util.function.Supplier;
import org.cardcage.device.DeviceModel;

/**
 * Where the accesses of a mapping go. Immutable; a change of routing replaces it as a whole.
 *
 * <p>A class of plain fields, since reading it is part of every register access.
 */
final class Route {

    /** The way through the bus, for whatever is there. */
    static final Route BUS = new Route(null, 0, 0, 0, null);

    /** Nothing is there and nothing ever will be. */
    static final Route NOTHING = new Route(null, 0, 0, 0, null);

    final DeviceModel model;
    final int bar;
    /** Offset of the mapping's first byte in the BAR. */
    final long start;
    /** Sizes that go straight to the model, each as the bit of its own value; 0 if there is no straight way. */
    final int accepted;
    /** Makes what an access throws, once the mapping is revoked. */
    final Supplier<? extends RuntimeException> revoked;

    private Route(DeviceModel model, int bar, long start, int accepted, Supplier<? extends RuntimeException> revoked) {
        this.model = model;
        this.bar = bar;
        this.start = start;
        this.accepted = accepted;
        this.revoked = revoked;
    }

    static Route into(Window window, int accepted, long address) {
        return new Route(window.model(), window.bar(), address - window.start(), accepted, null);
    }

    static Route revoked(Supplier<? extends RuntimeException> reason) {
        return new Route(null, 0, 0, 0, reason);
    }
}
