package org.cardcage.qemu.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardcage.machine.InterruptSink;

/**
 * The inputs of the machine's interrupt controller, as QEMU tells of them.
 *
 * <p>Threads: any; this object's lock guards everything, and no sink is called under it.
 */
final class InterruptLines {

    /** The piece of a line's state that is guarded by the lock. */
    private static final class Line {
        boolean high;
        final Map<Object, InterruptSink> sinks = new LinkedHashMap<>();
    }

    private final Map<Integer, Line> lines = new HashMap<>();

    private Line line(int number) {
        return lines.computeIfAbsent(number, n -> new Line());
    }

    /** QEMU says that the level has changed. */
    void set(int number, boolean high) {
        List<InterruptSink> told;
        synchronized (this) {
            Line line = line(number);
            boolean rises = high && !line.high;
            line.high = high;
            told = rises ? new ArrayList<>(line.sinks.values()) : List.of();
        }
        told.forEach(InterruptSink::raised);
    }

    /** Whether the line is high just now. */
    synchronized boolean asserted(int number) {
        return line(number).high;
    }

    /** Connects {@code sink} in the name of {@code owner}; if the line is high already, the sink is told at once. */
    void connect(int number, Object owner, InterruptSink sink) {
        boolean high;
        synchronized (this) {
            line(number).sinks.put(owner, sink);
            high = line(number).high;
        }
        if (high) {
            sink.raised();
        }
    }

    synchronized void disconnect(int number, Object owner) {
        line(number).sinks.remove(owner);
    }

    /** The machine has gone: nobody drives a line any more. */
    synchronized void release() {
        lines.values().forEach(line -> line.high = false);
    }
}
