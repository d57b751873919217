package org.cardcage.log.internal;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.cardcage.log.KernelLog;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** An SLF4J logger in front of the ring. */
public final class RingLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1;

    private final transient KernelLog log;
    private final String prefix;

    public RingLogger(KernelLog log, String name) {
        this.log = log;
        this.name = name;
        this.prefix = shortName(name) + ": ";
    }

    /** Java class names are cut to their last part; anything with a blank, as in "edu 0000:00:04.0", is no class name. */
    private static String shortName(String name) {
        return name.indexOf(' ') >= 0 ? name : name.substring(name.lastIndexOf('.') + 1);
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String pattern, Object[] arguments, Throwable throwable) {
        StringBuilder text = new StringBuilder(prefix).append(MessageFormatter.basicArrayFormat(pattern, arguments));
        if (throwable != null) {
            StringWriter stack = new StringWriter();
            throwable.printStackTrace(new PrintWriter(stack, true));
            text.append('\n').append(stack.toString().replace("\t", "        "));
        }
        log.emit(level, text.toString());
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public boolean isInfoEnabled() {
        return true;
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }
}
