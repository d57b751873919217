package org.cardcage.machine;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Hands out pages of RAM for DMA, first fit from below. The first MiB is never given away, since a PC's firmware lives
 * there.
 *
 * <p>Threads: any; {@code free} is guarded by this object's lock.
 */
public final class PageAllocator {

    /** The granule of an allocation in bytes. */
    public static final long PAGE = 4096;

    private static final long RESERVED = 1 << 20;

    private final TreeMap<Long, Long> all = new TreeMap<>();
    private final TreeMap<Long, Long> free = new TreeMap<>();

    /** An allocator over all of the given RAM but the first MiB. */
    public PageAllocator(List<AddressRange> ram) {
        for (AddressRange range : ram) {
            long start = Math.max(range.start(), RESERVED);
            if (start <= range.last()) {
                all.put(start, range.last() + 1 - start);
            }
        }
        free.putAll(all);
    }

    /** Whether a page exists, free or not, all of whose addresses lie inside the mask. */
    public boolean supports(long mask) {
        return find(all, PAGE, mask, PAGE) >= 0;
    }

    /**
     * Takes the lowest free range.
     *
     * @param size in bytes, rounded up to pages
     * @param mask no address of the range has a bit outside it
     * @param alignment of the start, a power of two
     * @return the start, or -1 if no such range is free
     */
    public synchronized long allocate(long size, long mask, long alignment) {
        long length = pages(size);
        long start = length <= 0 ? -1 : find(free, length, mask, Math.max(alignment, PAGE));
        if (start >= 0) {
            Map.Entry<Long, Long> block = free.floorEntry(start);
            long end = block.getKey() + block.getValue();
            free.remove(block.getKey());
            put(block.getKey(), start);
            put(start + length, end);
        }
        return start;
    }

    /** Gives back what {@link #allocate} gave for {@code size}. */
    public synchronized void release(long start, long size) {
        long from = start;
        long to = start + pages(size);
        Map.Entry<Long, Long> before = free.lowerEntry(start);
        if (before != null && before.getKey() + before.getValue() == start) {
            from = before.getKey();
        }
        Long after = free.remove(to);
        put(from, after == null ? to : to + after);
    }

    private static long pages(long size) {
        return (size + PAGE - 1) & -PAGE;
    }

    private void put(long from, long to) {
        if (from < to) {
            free.put(from, to - from);
        }
    }

    private static long find(TreeMap<Long, Long> blocks, long length, long mask, long alignment) {
        for (Map.Entry<Long, Long> block : blocks.entrySet()) {
            long end = block.getKey() + block.getValue();
            long at = align(block.getKey(), alignment);
            while (at >= block.getKey() && at <= end - length) {
                long outside = used(at, at + length - 1) & ~mask;
                if (outside == 0) {
                    return at;
                }
                // the next address in which the highest forbidden bit is clear again
                at = align((at | (Long.highestOneBit(outside) << 1) - 1) + 1, alignment);
            }
        }
        return -1;
    }

    /** All bits that are set in some address from {@code first} to {@code last}. */
    private static long used(long first, long last) {
        long varying = first ^ last;
        return first | (varying == 0 ? 0 : -1L >>> Long.numberOfLeadingZeros(varying));
    }

    private static long align(long address, long alignment) {
        return (address + alignment - 1) & -alignment;
    }
}
