package org.cardcage.itests;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Latches by name, shared with a driver that knows only types of the JDK. */
final class Stage implements Function<String, CountDownLatch> {
    private static final long PATIENCE_SECONDS = 30;

    private final Map<String, CountDownLatch> latches = new ConcurrentHashMap<>();

    @Override
    public CountDownLatch apply(String name) {
        return latches.computeIfAbsent(name, n -> new CountDownLatch(1));
    }

    /** The driver is there. */
    void await(String place) throws InterruptedException {
        if (!apply(place).await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("\"" + place + "\" has not been reached");
        }
    }

    boolean isReached(String place) {
        return apply(place).getCount() == 0;
    }

    /** The place has not been reached again yet. */
    void again(String place) {
        latches.remove(place);
        latches.remove(place + " go");
    }

    /** Lets the driver go on. */
    void letGo(String place) {
        apply(place + " go").countDown();
    }
}
