package org.cardcage.log.internal.osgi;

import org.cardcage.log.KernelLog;
import org.osgi.framework.Bundle;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Brings warnings and errors of the framework and of Declarative Services, which do not go through SLF4J, into the ring.
 *
 * <p>Threads: the log service calls from one thread of its own.
 */
@Component(
        service = {},
        immediate = true)
public final class FrameworkLog {

    private final LogReaderService reader;
    private final LogListener listener;

    @Activate
    public FrameworkLog(@Reference LogReaderService reader, @Reference KernelLog ring) {
        this.reader = reader;
        this.listener = entry -> copy(entry, ring);
        reader.addLogListener(listener);
    }

    @Deactivate
    void deactivate() {
        reader.removeLogListener(listener);
    }

    private static void copy(LogEntry entry, KernelLog ring) {
        if (entry.getLogLevel().compareTo(LogLevel.WARN) > 0) {
            return;
        }
        Logger logger = ring.logger(nameOf(entry));
        Level level = entry.getLogLevel() == LogLevel.ERROR ? Level.ERROR : Level.WARN;
        String cause = entry.getException() == null ? "" : ": " + root(entry.getException());
        logger.atLevel(level)
                .setCause(isModule(entry.getBundle()) ? entry.getException() : null)
                .log(entry.getMessage() + cause);
    }

    /** Whether somebody may be at work on the code, to whom a stack trace is of use. */
    private static boolean isModule(Bundle bundle) {
        return bundle != null && bundle.getLocation().startsWith("module:");
    }

    private static Throwable root(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String nameOf(LogEntry entry) {
        return entry.getBundle() == null ? "framework" : entry.getBundle().getSymbolicName();
    }
}
