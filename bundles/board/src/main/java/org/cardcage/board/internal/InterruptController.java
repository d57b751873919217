package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.cardcage.machine.InterruptSink;

/**
 * The interrupt controllers of a PC, seen from the bus: 16 level-triggered input lines, and for each CPU the 256 vectors
 * that a message can name (Intel SDM volume 3, section "Message Signalled Interrupts": the address selects the CPU, the
 * data the vector).
 *
 * <p>Threads: any. Lines and the list of taken vectors are guarded by this object's lock, under which nobody is called;
 * messages take no lock.
 */
public final class InterruptController {

    /** Number of input lines. */
    public static final int LINES = 16;

    private static final int VECTORS = 256;
    private static final int FIRST_FREE = 0x30;
    private static final int LAST_FREE = 0xef;

    /** The piece of a line's state that is guarded by the controller. */
    private static final class Line {
        final Set<Object> asserting = new HashSet<>();
        final Map<Object, InterruptSink> sinks = new LinkedHashMap<>();
    }

    private final int cpus;
    private final Line[] lines = new Line[LINES];
    private final BitSet taken = new BitSet();
    private final AtomicReferenceArray<InterruptSink> sinks;

    /** @param cpus number of CPUs that take messages, 1 to 255 */
    public InterruptController(int cpus) {
        this.cpus = cpus;
        sinks = new AtomicReferenceArray<>(cpus * VECTORS);
        Arrays.setAll(lines, i -> new Line());
    }

    /** The input that a pin of a function on the root bus is wired to, as the PIIX of a PC has it. */
    public static int route(int device, int pin) {
        return new int[] {10, 10, 11, 11}[(device - 1 + pin - 1) & 3];
    }

    /** The wiring of all pins on a root bus, as a machine's description has it. */
    static List<Integer> wiring() {
        List<Integer> lines = new ArrayList<>();
        for (int device = 0; device < 32; device++) {
            for (int pin = 1; pin <= 4; pin++) {
                lines.add(route(device, pin));
            }
        }
        return lines;
    }

    /**
     * One source drives a line; the level is the OR of all sources.
     *
     * @return who has to be told of a rising edge, once the caller holds no lock
     */
    synchronized List<InterruptSink> drive(int line, Object source, boolean asserted) {
        Line l = lines[line];
        boolean before = !l.asserting.isEmpty();
        boolean changed = asserted ? l.asserting.add(source) : l.asserting.remove(source);
        return changed && asserted && !before ? new ArrayList<>(l.sinks.values()) : List.of();
    }

    /** Whether a source asserts the line just now. */
    public synchronized boolean asserted(int line) {
        return !lines[line].asserting.isEmpty();
    }

    /** Connects {@code sink} in the name of {@code owner}; if the line is high already, the sink is told at once. */
    void connectLine(int line, Object owner, InterruptSink sink) {
        boolean high;
        synchronized (this) {
            lines[line].sinks.put(owner, sink);
            high = asserted(line);
        }
        if (high) {
            sink.raised();
        }
    }

    synchronized void disconnectLine(int line, Object owner) {
        lines[line].sinks.remove(owner);
    }

    /**
     * Takes vectors for messages.
     *
     * @param count a power of two, at most 32
     * @return the first of them, a multiple of {@code count}, with the CPU above bit 7; -1 if too few are left
     */
    synchronized int takeVectors(int count) {
        for (int cpu = 0; cpu < cpus; cpu++) {
            int end = cpu * VECTORS + LAST_FREE;
            int first = cpu * VECTORS + FIRST_FREE;
            for (first = (first + count - 1) & -count; first + count - 1 <= end; first += count) {
                int used = taken.nextSetBit(first);
                if (used < 0 || used >= first + count) {
                    taken.set(first, first + count);
                    return first;
                }
            }
        }
        return -1;
    }

    synchronized void returnVectors(int first, int count) {
        taken.clear(first, first + count);
        for (int i = first; i < first + count; i++) {
            sinks.set(i, null);
        }
    }

    /** Where a message for this vector goes. */
    static long address(int vector) {
        return AddressSpace.MESSAGES | (long) (vector / VECTORS) << 12;
    }

    /** The data that names the vector. */
    static int data(int vector) {
        return vector % VECTORS;
    }

    void connectVector(int vector, InterruptSink sink) {
        sinks.set(vector, sink);
    }

    /** A write of 4 bytes into the message window: fixed delivery to one CPU; anything else is ignored. */
    void message(long address, int data) {
        int cpu = (int) (address >>> 12) & 0xff;
        int deliveryMode = data >>> 8 & 7;
        if (cpu < cpus && deliveryMode == 0) {
            InterruptSink sink = sinks.get(cpu * VECTORS + (data & 0xff));
            if (sink != null) {
                sink.raised();
            }
        }
    }
}
