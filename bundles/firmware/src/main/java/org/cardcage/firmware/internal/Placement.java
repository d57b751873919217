package org.cardcage.firmware.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cardcage.machine.AddressRange;

/**
 * What is free in some ranges of addresses. Sizes need not be powers of two, alignments are. Addresses are below 2^63, and
 * 0 is never given out. Not for use by several threads.
 */
final class Placement {

    /** For each range, in the order of preference, first to last address of each free piece. */
    private final List<TreeMap<Long, Long>> ranges = new ArrayList<>();

    /** @param preferred the ranges, the one to use first in front; they must not overlap */
    Placement(List<AddressRange> preferred) {
        for (AddressRange range : preferred) {
            TreeMap<Long, Long> free = new TreeMap<>();
            free.put(range.start(), range.last());
            ranges.add(free);
        }
        reserve(0, 1);
    }

    /** Takes addresses out, as far as they are free. */
    void reserve(long start, long size) {
        long last = start + size - 1;
        for (TreeMap<Long, Long> free : ranges) {
            Map.Entry<Long, Long> piece = free.lowerEntry(last + 1);
            while (piece != null && piece.getValue() >= start) {
                free.remove(piece.getKey());
                if (piece.getKey() < start) {
                    free.put(piece.getKey(), start - 1);
                }
                if (piece.getValue() > last) {
                    free.put(last + 1, piece.getValue());
                }
                piece = free.lowerEntry(piece.getKey());
            }
        }
    }

    boolean isFree(long start, long size) {
        return ranges.stream()
                .map(free -> free.floorEntry(start))
                .anyMatch(piece -> piece != null && piece.getValue() - start >= size - 1);
    }

    /**
     * The highest free place in the first range that has one.
     *
     * @param limit the last address that may be used
     * @return the address, or 0
     */
    long highest(long size, long align, long limit) {
        for (TreeMap<Long, Long> free : ranges) {
            for (Map.Entry<Long, Long> piece : free.descendingMap().entrySet()) {
                long at = (Math.min(piece.getValue(), limit) + 1 - size) & -align;
                if (at >= piece.getKey()) {
                    return at;
                }
            }
        }
        return 0;
    }

    /** The lowest free place in the first range that has one, or 0; arguments as for {@link #highest}. */
    long lowest(long size, long align, long limit) {
        return lowestFrom(0, size, align, limit);
    }

    /** The lowest free place that does not begin before {@code from}, or 0. */
    long lowestFrom(long from, long size, long align, long limit) {
        for (TreeMap<Long, Long> free : ranges) {
            Long first = free.floorKey(from);
            for (Map.Entry<Long, Long> piece :
                    free.tailMap(first == null ? 0L : first).entrySet()) {
                long at = (Math.max(piece.getKey(), from) + align - 1) & -align;
                if (at + size - 1 <= Math.min(piece.getValue(), limit)) {
                    return at;
                }
            }
        }
        return 0;
    }

    /** The most that fits in one piece with this alignment; 0 for nothing. */
    long largest(long align, long limit) {
        long most = 0;
        for (TreeMap<Long, Long> free : ranges) {
            for (Map.Entry<Long, Long> piece : free.entrySet()) {
                long at = (piece.getKey() + align - 1) & -align;
                most = Math.max(most, Math.min(piece.getValue(), limit) + 1 - at);
            }
        }
        return most;
    }

    /** Widens {@code start} to {@code last}, which is not free, by the free addresses on both sides. */
    AddressRange around(long start, long last) {
        long from = start;
        long to = last;
        for (TreeMap<Long, Long> free : ranges) {
            Map.Entry<Long, Long> below = free.lowerEntry(start);
            if (below != null && below.getValue() == start - 1) {
                from = below.getKey();
            }
            Long above = free.get(last + 1);
            to = above == null ? to : above;
        }
        return new AddressRange(from, to - from + 1);
    }
}
