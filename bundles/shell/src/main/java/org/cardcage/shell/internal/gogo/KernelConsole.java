package org.cardcage.shell.internal.gogo;

import java.util.function.Consumer;
import org.cardcage.log.KernelLog;
import org.cardcage.log.LogRecord;

/**
 * Shows the kernel's serious lines where the user looks, as the console of a Linux machine does, those of the start included;
 * {@code dmesg -D} and {@code dmesg -n} say which.
 *
 * <p>Threads: lines come on the threads that log.
 */
public final class KernelConsole implements AutoCloseable {

    private final KernelLog log;
    private final Consumer<LogRecord> listener;

    /** @param screen takes a line */
    public KernelConsole(KernelLog log, Consumer<String> screen) {
        this.log = log;
        this.listener = line -> {
            if (log.isForConsole(line)) {
                screen.accept(line.toString());
            }
        };
        log.records().forEach(listener);
        log.addListener(listener);
    }

    @Override
    public void close() {
        log.removeListener(listener);
    }
}
