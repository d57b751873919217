package org.cardcage.board.internal;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.cardcage.board.AccessSplitting;
import org.cardcage.board.BusPolicy;
import org.cardcage.board.internal.Target.Host;

/**
 * Physical memory space or I/O port space as the buses decode it. From the CPU: RAM first, then the interrupt controller's
 * message window, then BARs behind bridges that let the access down. From a bus master: first what is on its own bus and
 * below, then, unless the bridge above keeps the address below it, the same on the next bus above, and so on.
 *
 * <p>Threads: any, without a lock; windows are added and removed under the lock of the {@link Fabric}.
 */
final class AddressSpace {

    /** First address of the message window of a PC's interrupt controllers. */
    static final long MESSAGES = 0xfee0_0000L;
    /** Its size in bytes. */
    static final long MESSAGES_SIZE = 0x10_0000;

    private static final int DEEPEST = 16;
    private static final int WIDEST = 8;
    private static final int WIDEST_PORTS = 4;

    private final boolean io;
    private final Ram ram;
    private final InterruptController interrupts;
    private final BusPolicy policy;
    private final AccessSplitting splitting;
    /** Told of each access by the CPU that nothing claims. */
    private final LongConsumer unclaimed;

    private final ThreadLocal<int[]> depth = ThreadLocal.withInitial(() -> new int[1]);
    private final RangeIndex<Window> windows = new RangeIndex<>();

    private AddressSpace(
            boolean io,
            Ram ram,
            InterruptController interrupts,
            BusPolicy policy,
            AccessSplitting splitting,
            LongConsumer unclaimed) {
        this.io = io;
        this.ram = ram;
        this.interrupts = interrupts;
        this.policy = policy;
        this.splitting = splitting;
        this.unclaimed = unclaimed;
    }

    static AddressSpace memory(
            Ram ram,
            InterruptController interrupts,
            BusPolicy policy,
            AccessSplitting splitting,
            LongConsumer unclaimed) {
        return new AddressSpace(false, ram, interrupts, policy, splitting, unclaimed);
    }

    static AddressSpace ports(BusPolicy policy, AccessSplitting splitting, LongConsumer unclaimed) {
        return new AddressSpace(true, null, null, policy, splitting, unclaimed);
    }

    boolean isPorts() {
        return io;
    }

    void add(Window window) {
        windows.add(window.range(), window);
    }

    void remove(Window window) {
        windows.remove(window.range(), window);
    }

    /** The one window that answers the CPU for all of this range, or null if there is none or it is not that simple. */
    Window single(long address, long length) {
        if (shadowed(address, length)) {
            return null;
        }
        Search search = new Search();
        windows.find(address, length, window -> {
            if (window.function().bus.touchedByCpu(io, address, length)) {
                search.several |= search.best != null;
                search.best = window;
            }
        });
        Window found = search.best;
        boolean whole = found != null
                && !search.several
                && found.contains(address, length)
                && found.function().bus.reachedFrom(null, io, address, length);
        return whole ? found : null;
    }

    /** The sizes of those that a window accepts which go there in one piece if aligned, each as the bit of its own value. */
    int whole(Window window) {
        int sizes = 0;
        for (int size = 1; size <= window.largest(); size <<= 1) {
            boolean direct = size <= widest() && splitting.next(0, size, Math.min(window.largest(), widest())) == size;
            sizes |= direct ? size & window.accepted() : 0;
        }
        return sizes;
    }

    private int widest() {
        return io ? WIDEST_PORTS : WIDEST;
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

    private boolean inMessages(long address) {
        return interrupts != null && Long.compareUnsigned(address - MESSAGES, MESSAGES_SIZE) < 0;
    }

    /** What has been found so far. */
    private static final class Search implements Consumer<Window> {
        private Bus from;
        private boolean io;
        private long address;
        private Window best;
        private boolean several;

        @Override
        public void accept(Window window) {
            if (window.function().bus.reachedFrom(from, io, address, 1) && window.before(best)) {
                best = window;
            }
        }
    }

    /** Who claims an access that is on a bus, or comes from the CPU if {@code from} is null; null for nobody. */
    private Window claimed(long address, Bus from) {
        Search search = new Search();
        search.from = from;
        search.io = io;
        search.address = address;
        windows.find(address, 1, search);
        return search.best;
    }

    /**
     * Where an access to this address arrives.
     *
     * @param from the bus of the bus master; null for the CPU
     */
    Target target(long address, Bus from) {
        for (Bus bus = from; bus != null && bus.bridge != null; bus = bus.above()) {
            Window window = claimed(address, bus);
            if (window != null) {
                return window;
            }
            Forwarding above = bus.forwarding;
            if (!above.upward() || above.passes(io, address, 1)) {
                return Host.NOTHING;
            }
        }
        if (ram != null && ram.run(address) > 0) {
            return Host.RAM;
        }
        if (inMessages(address)) {
            return Host.MESSAGES;
        }
        Window window = claimed(address, null);
        return window == null ? Host.NOTHING : window;
    }

    /** How many bytes from an address on, at which nobody answers, can be passed before somebody else could answer. */
    long emptyRun(long address) {
        long run = windows.nextStart(address) - address;
        return run > 0 ? run : Long.MAX_VALUE;
    }

    /** Size of the next piece of an access. */
    int piece(long address, int left, Target target) {
        int largest = target instanceof Window window ? Math.min(window.largest(), widest()) : widest();
        return splitting.next(address, left, largest);
    }

    /** A read by the CPU of 1, 2, 4 or 8 bytes, aligned or not; zero-extended. */
    long read(long address, int size) {
        long result = 0;
        for (int done = 0; done < size; ) {
            long at = address + done;
            Target target = target(at, null);
            int piece = piece(at, size - done, target);
            result |= readPiece(target, at, piece) << (8 * done);
            tell(target, at);
            done += piece;
        }
        return result;
    }

    /** A write by the CPU of 1, 2, 4 or 8 bytes, aligned or not. */
    void write(long address, int size, long value) {
        for (int done = 0; done < size; ) {
            long at = address + done;
            Target target = target(at, null);
            int piece = piece(at, size - done, target);
            writePiece(target, at, piece, low(value >>> (8 * done), piece));
            tell(target, at);
            done += piece;
        }
    }

    private void tell(Target target, long address) {
        if (target == Host.NOTHING) {
            unclaimed.accept(address);
        }
    }

    /** One piece of an access. */
    long readPiece(Target target, long address, int size) {
        if (target == Host.RAM) {
            return ram.read(address, size);
        }
        int[] nesting = depth.get();
        if (!(target instanceof Window window) || nesting[0] >= DEEPEST) {
            return policy.answer(size);
        }
        nesting[0]++;
        try {
            return low(window.read(address, size), size);
        } finally {
            nesting[0]--;
        }
    }

    /** One piece of an access. */
    void writePiece(Target target, long address, int size, long value) {
        if (target == Host.RAM) {
            ram.write(address, size, value);
        } else if (target == Host.MESSAGES) {
            if (size == 4) {
                interrupts.message(address, (int) value);
            }
        } else if (target instanceof Window window) {
            int[] nesting = depth.get();
            // a function whose message address is its own doorbell would ring for ever
            if (nesting[0] < DEEPEST) {
                nesting[0]++;
                try {
                    window.write(address, size, value);
                } finally {
                    nesting[0]--;
                }
            }
        }
    }

    private static long low(long value, int size) {
        return value & -1L >>> (64 - 8 * size);
    }
}
