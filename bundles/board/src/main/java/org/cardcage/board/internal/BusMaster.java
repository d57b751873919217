package org.cardcage.board.internal;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.cardcage.board.BusPolicy;
import org.cardcage.board.internal.Target.Host;

/**
 * Accesses of functions as bus masters: over their own bus and the bridges above, each of which must be bus master too, to
 * RAM, to the interrupt controller, or to another function's BAR by the shortest way.
 *
 * <p>Threads: any, without a lock.
 */
final class BusMaster {

    /** What a bridge lets through changes only at multiples of this. */
    private static final long GRANULE = 0x10_0000;

    private final AddressSpace memory;
    private final Ram ram;
    private final BusPolicy policy;
    /** Told of each transfer that ended because nobody claimed it. */
    private final Consumer<Function> aborted;

    BusMaster(AddressSpace memory, Ram ram, BusPolicy policy, Consumer<Function> aborted) {
        this.memory = memory;
        this.ram = ram;
        this.policy = policy;
        this.aborted = aborted;
    }

    /** Fills the rest of {@code to}; whether all of it was answered for. */
    boolean read(Function function, long address, ByteBuffer to) {
        if (!function.busMaster) {
            fill(to, to.remaining());
            return false;
        }
        ByteBuffer bytes = to.duplicate();
        boolean complete = true;
        for (long at = address; bytes.hasRemaining(); ) {
            Target target = memory.target(at, function.bus);
            int count = run(function, target, at, bytes.remaining());
            if (target == Host.RAM) {
                ram.copyOut(at, bytes, count);
            } else if (target == Host.NOTHING) {
                fill(bytes, count);
            } else {
                for (int left = count; left > 0; ) {
                    long place = at + count - left;
                    int piece = memory.piece(place, Math.min(left, 8), target);
                    put(bytes, piece, memory.readPiece(target, place, piece));
                    left -= piece;
                }
            }
            complete &= target != Host.NOTHING;
            at += count;
        }
        to.position(to.limit());
        return complete || abort(function);
    }

    /** Writes the rest of {@code from}; whether all of it was taken. */
    boolean write(Function function, long address, ByteBuffer from) {
        ByteBuffer bytes = from.duplicate();
        from.position(from.limit());
        if (!function.busMaster) {
            return false;
        }
        boolean complete = true;
        for (long at = address; bytes.hasRemaining(); ) {
            Target target = memory.target(at, function.bus);
            int count = run(function, target, at, bytes.remaining());
            if (target == Host.RAM) {
                ram.copyIn(at, bytes, count);
            } else if (target == Host.NOTHING) {
                bytes.position(bytes.position() + count);
            } else {
                for (int left = count; left > 0; ) {
                    long place = at + count - left;
                    int piece = memory.piece(place, Math.min(left, 8), target);
                    memory.writePiece(target, place, piece, get(bytes, piece));
                    left -= piece;
                }
            }
            complete &= target != Host.NOTHING;
            at += count;
        }
        return complete || abort(function);
    }

    /** Writes 4 bytes; whether somebody took them. For messages, which need no bus master bit beyond what was checked. */
    boolean write(Function function, long address, int data) {
        Target target = memory.target(address, function.bus);
        memory.writePiece(target, address, 4, data & 0xffff_ffffL);
        return target != Host.NOTHING || abort(function);
    }

    private boolean abort(Function function) {
        aborted.accept(function);
        return false;
    }

    /** How many bytes from here on arrive at the same place. */
    private int run(Function function, Target target, long address, int left) {
        long most = left;
        if (target == Host.RAM) {
            most = Math.min(most, ram.run(address));
            if (function.bus.bridge == null) {
                return (int) most;
            }
        } else if (target instanceof Window window) {
            most = Math.min(most, window.start() + window.size() - address);
        } else if (target == Host.NOTHING) {
            most = Math.min(most, memory.emptyRun(address));
        } else {
            return memory.piece(address, Math.min(left, 8), target);
        }
        return (int) Math.min(most, GRANULE - (address & GRANULE - 1));
    }

    private void fill(ByteBuffer to, int count) {
        for (int i = 0; i < count; i++) {
            to.put(policy.fill());
        }
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
