package org.cardcage.qemu.internal;

import java.util.function.Supplier;
import org.cardcage.machine.IoMemory;

/**
 * A mapping of memory or port space. QEMU cuts odd accesses up itself. Threads: any.
 */
final class GuestMemory extends IoMemory {

    /** What becomes of an access: it goes to QEMU, or there is nothing any more, or it throws. */
    private record State(boolean connected, Supplier<? extends RuntimeException> revoked) {}

    private static final State CONNECTED = new State(true, null);
    private static final State NOTHING = new State(false, null);
    private static final int WIDEST_PORT = 4;

    private final Guest guest;
    private final boolean ports;
    private final long address;
    private final long length;
    private volatile State state = CONNECTED;

    private GuestMemory(Guest guest, boolean ports, long address, long length) {
        this.guest = guest;
        this.ports = ports;
        this.address = address;
        this.length = length;
    }

    /** @throws IllegalArgumentException if the range is empty or wraps */
    static GuestMemory ofMemory(Guest guest, long address, long length) {
        if (length < 1 || Long.compareUnsigned(address + (length - 1), address) < 0) {
            throw new IllegalArgumentException(
                    String.format("mapping of 0x%x bytes at 0x%x: must have a byte and not wrap", length, address));
        }
        return new GuestMemory(guest, false, address, length);
    }

    /** @throws IllegalArgumentException if the range is empty or leaves port space */
    static GuestMemory ofPorts(Guest guest, int port, int length) {
        if (port < 0 || length < 1 || length > 0x1_0000 - port) {
            throw new IllegalArgumentException(String.format("%d ports at 0x%x: ports are 0 to 0xffff", length, port));
        }
        return new GuestMemory(guest, true, port, length);
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
        if (!reaches(offset, size)) {
            return Guest.ones(size);
        }
        long at = address + offset;
        if (!ports) {
            return guest.read(size, commands -> commands.read(at, size));
        }
        return size > WIDEST_PORT
                ? in(at, WIDEST_PORT) | in(at + WIDEST_PORT, WIDEST_PORT) << Integer.SIZE
                : in(at, size);
    }

    private long in(long port, int size) {
        return guest.read(size, commands -> commands.in((int) port, size));
    }

    @Override
    public void write(long offset, int size, long value) {
        if (!reaches(offset, size)) {
            return;
        }
        long at = address + offset;
        if (!ports) {
            guest.write(commands -> commands.write(at, size, value));
        } else if (size > WIDEST_PORT) {
            out(at, WIDEST_PORT, (int) value);
            out(at + WIDEST_PORT, WIDEST_PORT, (int) (value >>> Integer.SIZE));
        } else {
            out(at, size, (int) value);
        }
    }

    private void out(long port, int size, int value) {
        guest.write(commands -> commands.out((int) port, size, value));
    }

    private boolean reaches(long offset, int size) {
        if (size != 1 && size != 2 && size != 4 && size != 8) {
            throw new IllegalArgumentException("access of " + size + " bytes: must be 1, 2, 4 or 8");
        }
        if (offset < 0 || offset > length - size) {
            throw new IndexOutOfBoundsException(String.format(
                    "access of %d bytes at offset 0x%x of a mapping of 0x%x bytes at 0x%x",
                    size, offset, length, address));
        }
        State now = state;
        if (now.revoked != null) {
            throw now.revoked.get();
        }
        return now.connected;
    }

    @Override
    public synchronized void disconnect() {
        if (state == CONNECTED) {
            state = NOTHING;
        }
    }

    @Override
    public synchronized void revoke(Supplier<? extends RuntimeException> reason) {
        if (state.revoked == null) {
            state = new State(false, reason);
        }
    }
}
