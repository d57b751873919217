package org.cardcage.qemu.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a child prints. The last lines are kept for messages.
 *
 * <p>Threads: one of its own reads until the child's stream ends; {@code lines} is guarded by itself.
 */
final class ChildOutput {

    private static final int KEPT = 20;
    private static final long MOMENT_MILLIS = 2000;

    private final InputStream stream;
    private final QemuListener listener;
    private final Deque<String> lines = new ArrayDeque<>();
    private final Thread thread;

    ChildOutput(InputStream stream, String threadName, QemuListener listener) {
        this.stream = stream;
        this.listener = listener;
        thread = new Thread(null, this::read, threadName, 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                keep(line);
                listener.message(line);
            }
        } catch (IOException e) {
            keep("(its output could not be read to the end: " + e.getMessage() + ")");
        }
    }

    private void keep(String line) {
        synchronized (lines) {
            if (lines.size() == KEPT) {
                lines.remove();
            }
            lines.add(line);
        }
    }

    /** The end of a sentence: what the child has said last. For a child that has ended; waits for the end of its stream. */
    String quote() {
        awaitEnd();
        synchronized (lines) {
            return lines.isEmpty() ? "; it has printed nothing" : "; its last words: " + String.join(" / ", lines);
        }
    }

    /** Waits until everything is read, but no longer than a moment: a grandchild may hold the stream. */
    void awaitEnd() {
        try {
            thread.join(MOMENT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
