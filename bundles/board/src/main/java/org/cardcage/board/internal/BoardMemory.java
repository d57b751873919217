package org.cardcage.board.internal;

import java.util.function.Supplier;
import org.cardcage.machine.IoMemory;

/**
 * A mapping. If it lies inside one BAR, an access that the BAR accepts costs a bounds check, one volatile read and one
 * call; all else takes the bus's general way.
 *
 * <p>Threads: any; {@code route} is written under the lock of the {@link Fabric}.
 */
final class BoardMemory extends IoMemory {

    private final Fabric fabric;
    private final AddressSpace space;
    private final long address;
    private final long length;
    /** Guarded by the lock of the {@link Fabric}; null if the fabric does not follow this mapping. */
    Mappings.Listed listed;

    private volatile Route route = Route.BUS;

    BoardMemory(Fabric fabric, AddressSpace space, long address, long length) {
        this.fabric = fabric;
        this.space = space;
        this.address = address;
        this.length = length;
    }

    /** With the fabric's lock held: looks up again where accesses go. */
    void reroute() {
        if (route == Route.NOTHING) {
            return;
        }
        Window window = space.single(address, length);
        route = window == null ? Route.BUS : Route.into(window, space.whole(window), address);
    }

    boolean isConnected() {
        return route != Route.NOTHING;
    }

    boolean isPorts() {
        return space.isPorts();
    }

    /** With the fabric's lock held, and after it has forgotten this mapping. */
    void close(Supplier<? extends RuntimeException> reason) {
        route = Route.revoked(reason);
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public long read(long offset, int size) {
        Route r = route;
        if (offset < 0 || offset > length - size) {
            throw outside(offset, size);
        }
        long at = r.start + offset;
        if ((r.accepted & size) != 0 && (size & (size - 1)) == 0 && (at & (size - 1)) == 0) {
            return r.model.read(r.bar, at, size);
        }
        check(r, size);
        return r == Route.NOTHING ? -1L >>> Long.SIZE - 8 * size : space.read(address + offset, size);
    }

    @Override
    public void write(long offset, int size, long value) {
        Route r = route;
        if (offset < 0 || offset > length - size) {
            throw outside(offset, size);
        }
        long at = r.start + offset;
        if ((r.accepted & size) != 0 && (size & (size - 1)) == 0 && (at & (size - 1)) == 0) {
            r.model.write(r.bar, at, size, value);
        } else {
            check(r, size);
            if (r != Route.NOTHING) {
                space.write(address + offset, size, value);
            }
        }
    }

    private static void check(Route r, int size) {
        if (r.revoked != null) {
            throw r.revoked.get();
        }
        if (size != 1 && size != 2 && size != 4 && size != 8) {
            throw new IllegalArgumentException("access of " + size + " bytes: must be 1, 2, 4 or 8");
        }
    }

    private IndexOutOfBoundsException outside(long offset, int size) {
        return new IndexOutOfBoundsException(String.format(
                "access of %d bytes at offset 0x%x of a mapping of 0x%x bytes at 0x%x", size, offset, length, address));
    }

    /** With the fabric's lock held. */
    void cut() {
        route = Route.NOTHING;
    }

    @Override
    public void disconnect() {
        fabric.disconnect(this);
    }

    @Override
    public void revoke(Supplier<? extends RuntimeException> reason) {
        fabric.forget(this, reason);
    }
}
