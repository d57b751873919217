package org.cardcage.log;

import org.slf4j.event.Level;

/**
 * A line of the kernel log.
 *
 * @param sequence counts all lines from 0, also those that have left the ring
 * @param nanos time since the log began
 * @param level how serious; Linux's err, warning, info and debug
 * @param text one line, without line end
 */
public record LogRecord(long sequence, long nanos, Level level, String text) {

    /** The line as {@code dmesg} prints it, {@code [   49.861060] edu 0000:00:04.0: …}. */
    @Override
    public String toString() {
        long micros = nanos / 1000;
        return String.format("[%5d.%06d] %s", micros / 1_000_000, micros % 1_000_000, text);
    }
}
