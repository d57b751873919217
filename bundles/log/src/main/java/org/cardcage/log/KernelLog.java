package org.cardcage.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.cardcage.log.internal.RingLogger;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * The kernel's ring buffer (Linux {@code printk}). When it is full the oldest line makes room.
 *
 * <p>Threads: any; the ring is guarded by {@code this}. Listeners are called on the thread that logs, without a lock, and
 * must only note the line.
 */
public final class KernelLog {

    /** Lines that a log holds unless told otherwise. */
    public static final int DEFAULT_CAPACITY = 4096;

    private final ArrayDeque<LogRecord> ring;
    private final int capacity;
    private final LongSupplier nanoTime;
    private final List<Consumer<LogRecord>> listeners = new CopyOnWriteArrayList<>();
    private volatile Optional<Level> consoleLevel = Optional.of(Level.WARN);
    private long next;

    /** A log whose time begins now and runs as {@link System#nanoTime} does. */
    public KernelLog() {
        this(DEFAULT_CAPACITY, sinceNow());
    }

    /**
     * @param capacity lines to hold, at least 1
     * @param nanoTime the time that lines get, in nanoseconds
     */
    public KernelLog(int capacity, LongSupplier nanoTime) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a log of " + capacity + " lines");
        }
        this.capacity = capacity;
        this.nanoTime = nanoTime;
        this.ring = new ArrayDeque<>(Math.min(capacity, 64));
    }

    private static LongSupplier sinceNow() {
        long origin = System.nanoTime();
        return () -> System.nanoTime() - origin;
    }

    /** Adds one record per line of {@code text}. */
    public void emit(Level level, String text) {
        text.lines().forEach(line -> emitLine(level, line));
    }

    private void emitLine(Level level, String line) {
        LogRecord logRecord;
        synchronized (this) {
            if (ring.size() == capacity) {
                ring.removeFirst();
            }
            logRecord = new LogRecord(next++, nanoTime.getAsLong(), level, line);
            ring.addLast(logRecord);
        }
        for (Consumer<LogRecord> listener : listeners) {
            listener.accept(logRecord);
        }
    }

    /** The lines that the ring holds, oldest first. */
    public synchronized List<LogRecord> records() {
        return new ArrayList<>(ring);
    }

    /**
     * Whether a line is serious enough to be shown on the console as soon as it is logged (Linux {@code
     * console_loglevel}); warnings and errors are, unless told otherwise.
     */
    public boolean isForConsole(LogRecord line) {
        return consoleLevel.map(level -> line.level().toInt() >= level.toInt()).orElse(false);
    }

    /** The least serious level that is shown on the console; empty for none. */
    public void setConsoleLevel(Optional<Level> level) {
        consoleLevel = level;
    }

    /** Forgets the lines held, as {@code dmesg -C} does; sequence numbers go on. */
    public synchronized void clear() {
        ring.clear();
    }

    /** Calls {@code listener} for each further line until {@link #removeListener}. */
    public void addListener(Consumer<LogRecord> listener) {
        listeners.add(listener);
    }

    public void removeListener(Consumer<LogRecord> listener) {
        listeners.remove(listener);
    }

    /**
     * A logger whose lines begin with {@code name}, a colon and a blank, as the kernel's {@code dev_info} and {@code
     * pr_fmt} do. Of a Java class name only the last part is used. Debug and trace lines are dropped.
     */
    public Logger logger(String name) {
        return new RingLogger(this, name);
    }
}
