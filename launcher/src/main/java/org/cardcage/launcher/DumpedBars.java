package org.cardcage.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How large the BARs of dumped functions are. Where the text of {@code lspci -v} says so, that is it. Otherwise the size is
 * the largest power of two that the alignment of the address allows and that reaches neither the next BAR, nor the next
 * window of a bridge, nor the end of the window of the bridge above; no more than 256 MiB, 16 MiB for an expansion ROM and
 * 256 ports.
 */
final class DumpedBars {
    private static final int ROM_INDEX = 6;
    private static final long LOW = 0xffff_ffffL;
    private static final long HOLE_END = 0xfec0_0000L;
    private static final long FOUR_GIB = 1L << 32;
    private static final long LARGEST_MEMORY = 256L << 20;
    private static final long LARGEST_ROM = 16L << 20;
    private static final long LARGEST_PORTS = 256;
    private static final long SMALLEST_ROM = 2 << 10;
    private static final long SMALLEST_MEMORY = 16;
    private static final long SMALLEST_PORTS = 4;

    /** Addresses of a BAR or a window, both inclusive, as unsigned numbers. */
    record Span(boolean ports, long first, long last) {
        boolean contains(long address) {
            return Long.compareUnsigned(first, address) <= 0 && Long.compareUnsigned(address, last) <= 0;
        }
    }

    private record Base(int index, boolean ports, long address) {
        DumpedFunction.Kind kind() {
            return index == ROM_INDEX
                    ? DumpedFunction.Kind.ROM
                    : ports ? DumpedFunction.Kind.PORTS : DumpedFunction.Kind.MEMORY;
        }
    }

    private final TreeSet<Long> memory = new TreeSet<>(Long::compareUnsigned);
    private final TreeSet<Long> ports = new TreeSet<>(Long::compareUnsigned);

    DumpedBars(Iterable<DumpedFunction> functions) {
        for (DumpedFunction function : functions) {
            bases(function).forEach(b -> (b.ports() ? ports : memory).add(b.address()));
            windows(function).forEach(w -> (w.ports() ? ports : memory).add(w.first()));
        }
    }

    /** Sizes in bytes of what holds an address, by index, 6 for the expansion ROM. */
    Map<Integer, Long> sizes(DumpedFunction function, DumpedFunction bridge) {
        Map<Integer, Long> sizes = new TreeMap<>();
        List<Span> around = bridge == null ? List.of() : windows(bridge);
        for (Base base : bases(function)) {
            sizes.put(base.index(), told(function, base).orElseGet(() -> guess(base, around)));
        }
        return sizes;
    }

    /** What the text says of an address, if that is possible at all. */
    private static Optional<Long> told(DumpedFunction function, Base base) {
        return function.regions.stream()
                .filter(told -> told.kind() == base.kind()
                        && told.address() == base.address()
                        && Long.bitCount(told.size()) == 1
                        && (told.address() & told.size() - 1) == 0)
                .map(told -> Math.max(told.size(), smallest(base)))
                .findFirst();
    }

    private long guess(Base base, List<Span> around) {
        long room = largest(base);
        Long next = (base.ports() ? ports : memory).higher(base.address());
        if (next != null) {
            room = least(room, next - base.address());
        }
        for (Span span : around) {
            if (span.ports() == base.ports() && span.contains(base.address())) {
                room = least(room, span.last() - base.address() + 1);
            }
        }
        for (long wall : new long[] {HOLE_END, FOUR_GIB}) {
            if (!base.ports() && Long.compareUnsigned(base.address(), wall) < 0) {
                room = least(room, wall - base.address());
            }
        }
        room = least(room, Long.lowestOneBit(base.address()));
        return Math.max(Long.highestOneBit(room), smallest(base));
    }

    private static long least(long one, long other) {
        return Long.compareUnsigned(one, other) < 0 ? one : other;
    }

    private static long largest(Base base) {
        return base.ports() ? LARGEST_PORTS : base.index() == ROM_INDEX ? LARGEST_ROM : LARGEST_MEMORY;
    }

    private static long smallest(Base base) {
        return base.ports() ? SMALLEST_PORTS : base.index() == ROM_INDEX ? SMALLEST_ROM : SMALLEST_MEMORY;
    }

    private static List<Base> bases(DumpedFunction function) {
        List<Base> bases = new ArrayList<>();
        int count =
                switch (function.headerLayout()) {
                    case 0 -> 6;
                    case 1 -> 2;
                    case 2 -> 1;
                    default -> 0;
                };
        for (int index = 0; index < count; index++) {
            int at = 0x10 + 4 * index;
            int low = function.read(at, 4);
            boolean io = (low & 1) != 0;
            boolean wide = !io && (low & 6) == 4 && index < count - 1;
            long address = low & (io ? ~3L : ~15L) & LOW | (wide ? (long) function.read(at + 4, 4) << 32 : 0);
            if (address != 0) {
                bases.add(new Base(index, io, address));
            }
            index += wide ? 1 : 0;
        }
        int romRegister =
                switch (function.headerLayout()) {
                    case 0 -> 0x30;
                    case 1 -> 0x38;
                    default -> 0;
                };
        long rom = romRegister == 0 ? 0 : function.read(romRegister, 4) & ~0x7ffL & LOW;
        if (rom != 0) {
            bases.add(new Base(ROM_INDEX, false, rom));
        }
        return bases;
    }

    /** What the BARs of a function decode. */
    List<Span> spans(DumpedFunction function, DumpedFunction bridge) {
        Map<Integer, Long> sizes = sizes(function, bridge);
        List<Span> spans = new ArrayList<>();
        for (Base base : bases(function)) {
            spans.add(new Span(base.ports(), base.address(), base.address() + sizes.get(base.index()) - 1));
        }
        return spans;
    }

    /** The windows of a bridge that are open. */
    static List<Span> windows(DumpedFunction bridge) {
        List<Span> windows = new ArrayList<>();
        if (!bridge.isBridge()) {
            return windows;
        }
        int io = bridge.read(0x1c, 2);
        if (io != 0) {
            long upper = (io & 0xf) == 1 ? LOW : 0;
            int high = bridge.read(0x30, 4);
            long base = (io & 0xf0L) << 8 | (high & 0xffffL) << 16 & upper;
            long limit = io & 0xf000L | 0xfff | (high >>> 16 & 0xffffL) << 16 & upper;
            add(windows, true, base, limit);
        }
        int memory = bridge.read(0x20, 4);
        if (memory != 0) {
            add(windows, false, (memory & 0xfff0L) << 16, memory & 0xfff0_0000L | 0xf_ffff);
        }
        int prefetch = bridge.read(0x24, 4);
        if (prefetch != 0) {
            boolean wide = (prefetch & 0xf) == 1;
            long base = (prefetch & 0xfff0L) << 16 | (wide ? (long) bridge.read(0x28, 4) << 32 : 0);
            long limit = prefetch & 0xfff0_0000L | 0xf_ffff | (wide ? (long) bridge.read(0x2c, 4) << 32 : 0);
            add(windows, false, base, limit);
        }
        return windows;
    }

    private static void add(List<Span> windows, boolean ports, long base, long limit) {
        if (Long.compareUnsigned(base, limit) < 0) {
            windows.add(new Span(ports, base, limit));
        }
    }
}
