package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.cardcage.machine.AddressRange;

/**
 * Values that each have a range of addresses, found by address in logarithmic time. Ranges may overlap. They are kept by
 * size, so that those which overlap a place can begin only a little before it.
 *
 * <p>Threads: {@link #find} from any; the others one at a time.
 */
final class RangeIndex<V> {

    private record Entry<V>(AddressRange range, V value) {}

    /** By the logarithm of the size, the entries by first address. */
    private final List<ConcurrentSkipListMap<Long, List<Entry<V>>>> sizes = new ArrayList<>();

    /** Which sizes there are, each as a bit. */
    private volatile long used;

    RangeIndex() {
        for (int i = 0; i < Long.SIZE; i++) {
            sizes.add(new ConcurrentSkipListMap<>(Long::compareUnsigned));
        }
    }

    private static int size(AddressRange range) {
        return Long.SIZE - Long.numberOfLeadingZeros(range.length() - 1);
    }

    void add(AddressRange range, V value) {
        int size = size(range);
        sizes.get(size).merge(range.start(), List.of(new Entry<>(range, value)), RangeIndex::joined);
        used |= 1L << size;
    }

    private static <E> List<E> joined(List<E> one, List<E> other) {
        List<E> all = new ArrayList<>(one);
        all.addAll(other);
        return List.copyOf(all);
    }

    void remove(AddressRange range, V value) {
        int size = size(range);
        ConcurrentSkipListMap<Long, List<Entry<V>>> map = sizes.get(size);
        map.computeIfPresent(range.start(), (start, entries) -> {
            List<Entry<V>> left =
                    entries.stream().filter(e -> e.value() != value).toList();
            return left.isEmpty() ? null : left;
        });
        if (map.isEmpty()) {
            used &= ~(1L << size);
        }
    }

    /** The lowest first address of a range that is above {@code start}, compared without a sign; -1 if there is none. */
    long nextStart(long start) {
        long next = -1;
        for (long left = used; left != 0; left &= left - 1) {
            Long first = sizes.get(Long.numberOfTrailingZeros(left)).higherKey(start);
            if (first != null && Long.compareUnsigned(first, next) < 0) {
                next = first;
            }
        }
        return next;
    }

    /** Calls the visitor with each value whose range has an address in common with this one, in no order. */
    void find(long start, long length, Consumer<V> visitor) {
        long last = start + length - 1;
        for (long left = used; left != 0; left &= left - 1) {
            int size = Long.numberOfTrailingZeros(left);
            long before = (1L << size) - 1;
            long first = Long.compareUnsigned(start, before) < 0 ? 0 : start - before;
            for (List<Entry<V>> entries :
                    sizes.get(size).subMap(first, true, last, true).values()) {
                for (Entry<V> entry : entries) {
                    if (Long.compareUnsigned(entry.range().last(), start) >= 0) {
                        visitor.accept(entry.value());
                    }
                }
            }
        }
    }
}
