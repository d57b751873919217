package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.cardcage.machine.InterruptSink;

/**
 * The interrupt controllers of a PC, seen from the bus: 16 level-triggered input lines, and a window for messages. A message
 * names one of the 256 vectors of a CPU (Intel SDM volume 3, section "Message Signalled Interrupts": the address selects the
 * CPU, the data the vector) or, since these run out with some 190 functions for each CPU, an entry of the table of interrupt
 * remapping (Intel VT-d, section "Interrupt Requests in Remappable Format": the handle stands in the address, the data is
 * added to it). What arrives and cannot be delivered is explained once.
 *
 * <p>Threads: any. Lines, the list of taken vectors and what was explained are guarded by this object's lock, under which nobody is called;
 * messages take no lock.
 */
public final class InterruptController {

    /** Number of input lines. */
    public static final int LINES = 16;

    private static final int VECTORS = 256;
    private static final int FIRST_FREE = 0x30;
    private static final int LAST_FREE = 0xef;
    /** Entries of the remapping table. */
    private static final int HANDLES = 1 << 15;

    private static final int CPU_SHIFT = 12;
    private static final int HANDLE_SHIFT = 5;
    private static final int REMAPPABLE = 1 << 4;
    private static final int DATA_IS_ADDED = 1 << 3;
    /** More than these are not explained: somebody writes at random. */
    private static final int MOST_EXPLAINED = 256;

    /** The piece of a line's state that is guarded by the controller. */
    private static final class Line {
        final Set<Object> asserting = new HashSet<>();
        final Map<Object, InterruptSink> sinks = new LinkedHashMap<>();
    }

    private final int cpus;
    /** Number of the first entry of the remapping table. */
    private final int remapped;

    private final Consumer<String> reporter;
    private final Line[] lines = new Line[LINES];
    private final BitSet taken = new BitSet();
    /** Vectors for which nobody waits, as numbers, and the texts of other reasons. */
    private final Set<Object> explained = new HashSet<>();

    private final AtomicReferenceArray<InterruptSink> sinks;

    /**
     * @param cpus number of CPUs that take messages, 1 to 255
     * @param reporter hears what could not be delivered
     */
    public InterruptController(int cpus, Consumer<String> reporter) {
        this.cpus = cpus;
        this.reporter = reporter;
        remapped = cpus * VECTORS;
        sinks = new AtomicReferenceArray<>(remapped + HANDLES);
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
     * Takes vectors for messages, of the CPU that has the fewest (Linux {@code irq_matrix_alloc}).
     *
     * @param count a power of two, at most 32
     * @return the first of them, a multiple of {@code count}; -1 if too few are left
     */
    synchronized int takeVectors(int count) {
        List<Integer> idlestFirst = IntStream.range(0, cpus)
                .boxed()
                .sorted(Comparator.comparingInt(this::load))
                .toList();
        for (int cpu : idlestFirst) {
            int first = take(count, cpu * VECTORS + FIRST_FREE, cpu * VECTORS + LAST_FREE);
            if (first >= 0) {
                return first;
            }
        }
        return take(count, remapped, remapped + HANDLES - 1);
    }

    /** How many vectors of a CPU are taken. */
    private int load(int cpu) {
        return taken.get(cpu * VECTORS, (cpu + 1) * VECTORS).cardinality();
    }

    /** The CPU that messages for a vector go to; the remapping table deals its entries out in turn. */
    int cpuOfVector(int vector) {
        return vector < remapped ? vector / VECTORS : (vector - remapped) % cpus;
    }

    /** The CPU that an input line goes to. */
    int cpuOfLine(int line) {
        return line % cpus;
    }

    private int take(int count, int from, int last) {
        int first = taken.nextClearBit(from);
        for (first = (first + count - 1) & -count; first + count - 1 <= last; first += count) {
            int used = taken.nextSetBit(first);
            if (used < 0 || used >= first + count) {
                taken.set(first, first + count);
                for (int vector = first; vector < first + count; vector++) {
                    explained.remove(vector); // from now on that is another loss
                }
                return first;
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
    long address(int vector) {
        return AddressSpace.MESSAGES
                | (vector < remapped
                        ? vector / VECTORS << CPU_SHIFT
                        : vector - remapped << HANDLE_SHIFT | REMAPPABLE | DATA_IS_ADDED);
    }

    /** The data that names the vector; for a block of vectors that of the first, which is followed by the others. */
    int data(int vector) {
        return vector < remapped ? vector % VECTORS : 0;
    }

    void connectVector(int vector, InterruptSink sink) {
        sinks.set(vector, sink);
    }

    /** A write of 4 bytes into the message window: fixed delivery to one CPU, or to whom the remapping table says. */
    void message(long address, int data) {
        int place = (int) (address - AddressSpace.MESSAGES);
        boolean remap = (place & REMAPPABLE) != 0;
        int cpu = place >>> CPU_SHIFT;
        int mode = data >>> 8 & 7;
        if (!remap && (cpu >= cpus || mode != 0)) {
            String why = String.format("CPU %d of %d with delivery mode %d cannot be reached", cpu, cpus, mode);
            explain(why, why);
            return;
        }
        int handle = (place >>> HANDLE_SHIFT) + ((place & DATA_IS_ADDED) != 0 ? data & 0xffff : 0);
        int vector = remap ? remapped + handle % HANDLES : cpu * VECTORS + (data & 0xff);
        InterruptSink sink = sinks.get(vector);
        if (sink == null) {
            explain(vector, "nobody waits for vector " + vector);
        } else {
            sink.raised();
        }
    }

    private void explain(Object loss, String why) {
        boolean fresh;
        synchronized (this) {
            fresh = explained.size() < MOST_EXPLAINED && explained.add(loss);
        }
        if (fresh) {
            reporter.accept("interrupt message lost: " + why);
        }
    }
}
