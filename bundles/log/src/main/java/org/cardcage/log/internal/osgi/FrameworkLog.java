package org.cardcage.log.internal.osgi;

import org.cardcage.log.KernelLog;
import org.cardcage.log.internal.ForeignFault;
import org.osgi.framework.Bundle;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
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
        Throwable fault = entry.getException();
        if (entry.getLogLevel().compareTo(LogLevel.WARN) > 0 || fault != null && ForeignFault.isEcho(fault)) {
            return;
        }
        String text = entry.getMessage();
        if (fault != null) {
            // to somebody who is at work on a module its frames are of use
            String frames = isModule(entry.getBundle()) ? ForeignFault.frames(fault) : "";
            text = ForeignFault.line(text, fault) + frames;
        }
        Level level = entry.getLogLevel() == LogLevel.ERROR ? Level.ERROR : Level.WARN;
        ring.logger(nameOf(entry)).atLevel(level).log(text);
    }

    private static boolean isModule(Bundle bundle) {
        return bundle != null && bundle.getLocation().startsWith("module:");
    }

    private static String nameOf(LogEntry entry) {
        return entry.getBundle() == null ? "framework" : entry.getBundle().getSymbolicName();
    }
}
