package org.cardcage.log.internal;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.cardcage.log.KernelLog;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * What SLF4J finds behind its API: all loggers of one class space write to one ring. SLF4J looks a provider up in a static
 * way, so the ring of a class space is found the same way, through {@link #log}.
 */
public final class RingServiceProvider implements SLF4JServiceProvider {

    /** The version of the SLF4J provider contract that this follows: any 2.0. */
    private static final String REQUESTED_API_VERSION = "2.0.99";

    private static final KernelLog LOG = new KernelLog();

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter mdc = new NOPMDCAdapter();
    private final Loggers loggers = new Loggers();

    /** The ring of this class space. */
    public static KernelLog log() {
        return LOG;
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return REQUESTED_API_VERSION;
    }

    @Override
    public void initialize() {
        // the fields are all there is
    }

    private static final class Loggers implements ILoggerFactory {
        private final ConcurrentMap<String, Logger> byName = new ConcurrentHashMap<>();

        @Override
        public Logger getLogger(String name) {
            return byName.computeIfAbsent(name, LOG::logger);
        }
    }
}
