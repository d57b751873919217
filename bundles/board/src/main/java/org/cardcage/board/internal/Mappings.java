package org.cardcage.board.internal;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.cardcage.machine.AddressRange;

/**
 * The live mappings of an address space, found by address. One that nobody holds any more is forgotten.
 *
 * <p>Threads: guarded by the lock of the {@link Fabric}.
 */
final class Mappings {

    /** A mapping in the list. */
    static final class Listed extends WeakReference<BoardMemory> {
        private final AddressRange range;

        Listed(BoardMemory mapping, ReferenceQueue<BoardMemory> forgotten) {
            super(mapping, forgotten);
            range = new AddressRange(mapping.address(), mapping.length());
        }
    }

    private final RangeIndex<Listed> index = new RangeIndex<>();
    private final ReferenceQueue<BoardMemory> forgotten = new ReferenceQueue<>();

    void add(BoardMemory mapping) {
        for (Reference<?> old = forgotten.poll(); old != null; old = forgotten.poll()) {
            remove((Listed) old);
        }
        mapping.listed = new Listed(mapping, forgotten);
        index.add(mapping.listed.range, mapping.listed);
    }

    void remove(BoardMemory mapping) {
        remove(mapping.listed);
        mapping.listed = null;
    }

    private void remove(Listed listed) {
        index.remove(listed.range, listed);
    }

    /** Looks up again where the mappings go that have an address in this range. */
    void reroute(AddressRange range) {
        index.find(range.start(), range.length(), listed -> {
            BoardMemory mapping = listed.get();
            if (mapping != null) {
                mapping.reroute();
            }
        });
    }

    /** Whether there is a mapping that has an address in this range and still goes somewhere. */
    boolean any(AddressRange range) {
        boolean[] found = {false};
        index.find(range.start(), range.length(), listed -> {
            BoardMemory mapping = listed.get();
            found[0] |= mapping != null && mapping.isConnected();
        });
        return found[0];
    }
}
