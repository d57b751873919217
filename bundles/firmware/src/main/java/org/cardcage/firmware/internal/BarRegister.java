package org.cardcage.firmware.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * A BAR or the register of an expansion ROM as firmware finds it (PCI 3.0 sections 6.2.5.1 and 6.2.5.2). Not for use by
 * several threads.
 */
final class BarRegister extends Demand {

    private static final int FIRST = 0x10;
    private static final int ROM_INDEX = 6;
    private static final int ROM = 0x30;
    private static final int BRIDGE_ROM = 0x38;
    private static final int ROM_ENABLE = 1;
    private static final long LOW = 0xffff_ffffL;
    private static final long HIGHEST_PORT = 0xffff;

    private final int at;
    private final int index;
    private final boolean io;
    private final boolean wide;
    private final boolean prefetchable;
    private long written;

    private BarRegister(FunctionNode owner, int at, int index, long mask) {
        super(owner);
        this.at = at;
        this.index = index;
        boolean rom = index == ROM_INDEX;
        io = !rom && (mask & 1) != 0;
        wide = !rom && !io && (mask & 6) == 4;
        prefetchable = !rom && !io && (mask & 8) != 0;
    }

    /** Writes all ones to each BAR and sees what sticks; the caller has switched decoding off. */
    static List<BarRegister> sizeAll(FunctionNode function) {
        List<BarRegister> found = new ArrayList<>();
        for (int index = 0; index < count(function); index++) {
            BarRegister bar = size(function, FIRST + 4 * index, index, -1);
            if (bar != null) {
                found.add(bar);
                index += bar.wide ? 1 : 0;
            }
        }
        BarRegister rom = size(function, function.isBridge() ? BRIDGE_ROM : ROM, ROM_INDEX, ~ROM_ENABLE);
        if (rom != null) {
            found.add(rom);
        }
        return found;
    }

    private static int count(FunctionNode function) {
        return function.isBridge() ? 2 : 6;
    }

    private static BarRegister size(FunctionNode function, int at, int index, int ones) {
        long before = function.read(at, 4) & LOW;
        long mask = probe(function, at, ones);
        // all ones is what an absent function says
        if (mask == 0 || mask == LOW) {
            return null;
        }
        BarRegister bar = new BarRegister(function, at, index, mask);
        long addressBits = index == ROM_INDEX ? ~0x7ffL : bar.io ? ~3L : ~15L;
        mask &= addressBits;
        long high = bar.io ? HIGHEST_PORT : LOW;
        // a register that cannot be written is none, unless it is at the very end of the space
        if (mask == (before & addressBits) && ((mask | Long.lowestOneBit(mask) - 1) & high) != high) {
            return null;
        }
        if (bar.wide) {
            if (index == count(function) - 1) {
                return null; // it would have its upper half in another register: of a bridge, in the bus numbers
            }
            mask |= probe(function, at + 4, -1) << 32;
        }
        bar.size = Long.lowestOneBit(mask);
        bar.align = bar.size;
        return bar.size > 0 ? bar : null;
    }

    private static long probe(FunctionNode function, int at, int ones) {
        int before = function.read(at, 4);
        function.write(at, 4, ones);
        long answer = function.read(at, 4) & LOW;
        function.write(at, 4, before);
        return answer;
    }

    /** For what kind of window it asks, if there is a choice. */
    Window.Kind kind() {
        return io ? Window.Kind.PORTS : prefetchable ? Window.Kind.PREFETCHABLE : Window.Kind.MEMORY;
    }

    boolean wide() {
        return wide;
    }

    @Override
    boolean io() {
        return io;
    }

    @Override
    long limit() {
        return io ? HIGHEST_PORT : wide ? Long.MAX_VALUE : LOW;
    }

    @Override
    void read() {
        long raw = owner.read(at, 4) & LOW;
        if (wide) {
            raw |= (long) owner.read(at + 4, 4) << 32;
        }
        written = Math.max(raw & -size, 0);
        restore();
    }

    @Override
    void restore() {
        start = written;
        out = written == 0;
    }

    @Override
    long current() {
        return written;
    }

    @Override
    boolean changed() {
        return start != written;
    }

    @Override
    void apply() {
        owner.write(at, 4, (int) start);
        if (wide) {
            owner.write(at + 4, 4, (int) (start >>> 32));
        }
        written = start;
    }

    /** What it is called in reports. */
    String name() {
        return index == ROM_INDEX ? "the expansion ROM" : "BAR " + index;
    }
}
