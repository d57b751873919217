package org.cardcage.board.internal;

import java.nio.ByteBuffer;
import java.util.List;
import org.cardcage.board.BusPolicy;

/**
 * Physical memory space or I/O port space as the bus decodes it: RAM first, then the interrupt controller's message
 * window, then BARs.
 *
 * <p>An access is cut into pieces: from the start address repeatedly the largest power of two that is at most 8 (4 for
 * ports), at most what is left, at most the alignment of the address and at most what the BAR there takes. A piece that is
 * too small for the BAR stops in the bus: read as 0, dropped when written.
 *
 * <p>Threads: any, without a lock; {@code windows} is an immutable list that is replaced when a configuration register
 * changes.
 */
final class AddressSpace {

    /** First address of the message window of a PC's interrupt controllers. */
    static final long MESSAGES = 0xfee0_0000L;
    /** Its size in bytes. */
    static final long MESSAGES_SIZE = 0x10_0000;

    private static final int DEEPEST = 16;

    private final Ram ram;
    private final InterruptController interrupts;
    private final BusPolicy policy;
    private final int widest;
    private final ThreadLocal<int[]> depth = ThreadLocal.withInitial(() -> new int[1]);
    private volatile List<Window> windows = List.of();

    private AddressSpace(Ram ram, InterruptController interrupts, BusPolicy policy, int widest) {
        this.ram = ram;
        this.interrupts = interrupts;
        this.policy = policy;
        this.widest = widest;
    }

    static AddressSpace memory(Ram ram, InterruptController interrupts, BusPolicy policy) {
        return new AddressSpace(ram, interrupts, policy, 8);
    }

    static AddressSpace ports(BusPolicy policy) {
        return new AddressSpace(null, null, policy, 4);
    }

    /** Replaces what is decoded; where two windows overlap the earlier one wins. */
    void setWindows(List<Window> fresh) {
        windows = List.copyOf(fresh);
    }

    /** The one window that answers for all of this range, or null if there is none or it is not that simple. */
    Window single(long address, long length) {
        Window found = null;
        for (Window window : windows) {
            if (window.overlaps(address, length)) {
                if (found != null || !window.contains(address, length)) {
                    return null;
                }
                found = window;
            }
        }
        return found != null && !shadowed(address, length) ? found : null;
    }

    private boolean shadowed(long address, long length) {
        if (ram == null) {
            return false;
        }
        boolean messages = inMessages(address) || Long.compareUnsigned(MESSAGES - address, length) < 0;
        // RAM ranges begin at 0 and at 4 GiB: one that does not cover the start can only begin inside
        return messages
                || ram.run(address) > 0
                || (Long.compareUnsigned(Ram.HIGH_START - address, length) < 0 && ram.run(Ram.HIGH_START) > 0);
    }

    /** A read of 1, 2, 4 or 8 bytes, aligned or not; zero-extended. */
    long read(long address, int size) {
        long result = 0;
        for (int done = 0; done < size; ) {
            long at = address + done;
            int piece = piece(at, size - done);
            result |= readPiece(at, piece) << (8 * done);
            done += piece;
        }
        return result;
    }

    /** A write of 1, 2, 4 or 8 bytes, aligned or not. */
    void write(long address, int size, long value) {
        for (int done = 0; done < size; ) {
            long at = address + done;
            int piece = piece(at, size - done);
            writePiece(at, piece, low(value >>> (8 * done), piece));
            done += piece;
        }
    }

    /** Fills the rest of {@code to} for a bus master; whether all of it was answered for. */
    boolean readBlock(long address, ByteBuffer to) {
        ByteBuffer bytes = to.duplicate();
        boolean complete = true;
        for (long at = address; bytes.hasRemaining(); ) {
            int count = inRam(at, bytes.remaining());
            if (count > 0) {
                ram.copyOut(at, bytes, count);
            } else {
                count = piece(at, bytes.remaining());
                complete &= claimed(at);
                put(bytes, count, readPiece(at, count));
            }
            at += count;
        }
        to.position(to.limit());
        return complete;
    }

    /** Writes the rest of {@code from} for a bus master; whether all of it was taken. */
    boolean writeBlock(long address, ByteBuffer from) {
        ByteBuffer bytes = from.duplicate();
        boolean complete = true;
        for (long at = address; bytes.hasRemaining(); ) {
            int count = inRam(at, bytes.remaining());
            if (count > 0) {
                ram.copyIn(at, bytes, count);
            } else {
                count = piece(at, bytes.remaining());
                complete &= claimed(at);
                writePiece(at, count, get(bytes, count));
            }
            at += count;
        }
        from.position(from.limit());
        return complete;
    }

    private int inRam(long address, int most) {
        return ram == null ? 0 : (int) Math.min(ram.run(address), most);
    }

    private boolean inMessages(long address) {
        return interrupts != null && Long.compareUnsigned(address - MESSAGES, MESSAGES_SIZE) < 0;
    }

    private int piece(long address, int left) {
        int most = Math.min(widest, Integer.highestOneBit(left));
        long alignment = Long.lowestOneBit(address);
        int size = alignment == 0 ? most : (int) Math.min(most, alignment < 0 ? most : alignment);
        Window window = size == 1 ? null : find(address);
        return window == null ? size : Math.min(size, window.largest());
    }

    private Window find(long address) {
        if (inRam(address, 1) > 0 || inMessages(address)) {
            return null;
        }
        for (Window window : windows) {
            if (window.contains(address, 1)) {
                return window;
            }
        }
        return null;
    }

    private boolean claimed(long address) {
        return inRam(address, 1) > 0 || inMessages(address) || find(address) != null;
    }

    private long readPiece(long address, int size) {
        if (inRam(address, 1) > 0) {
            return ram.read(address, size);
        }
        Window window = find(address);
        int[] nesting = depth.get();
        if (window == null || nesting[0] >= DEEPEST) {
            return policy.answer(size);
        }
        nesting[0]++;
        try {
            return low(window.read(address, size), size);
        } finally {
            nesting[0]--;
        }
    }

    private void writePiece(long address, int size, long value) {
        if (inRam(address, 1) > 0) {
            ram.write(address, size, value);
            return;
        }
        if (inMessages(address)) {
            if (size == 4) {
                interrupts.message(address, (int) value);
            }
            return;
        }
        Window window = find(address);
        int[] nesting = depth.get();
        // a function whose message address is its own doorbell would ring for ever
        if (window != null && nesting[0] < DEEPEST) {
            nesting[0]++;
            try {
                window.write(address, size, value);
            } finally {
                nesting[0]--;
            }
        }
    }

    private static long low(long value, int size) {
        return value & -1L >>> (64 - 8 * size);
    }

    private static void put(ByteBuffer to, int size, long value) {
        for (int i = 0; i < size; i++) {
            to.put((byte) (value >>> (8 * i)));
        }
    }

    private static long get(ByteBuffer from, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (from.get() & 0xffL) << (8 * i);
        }
        return value;
    }
}
