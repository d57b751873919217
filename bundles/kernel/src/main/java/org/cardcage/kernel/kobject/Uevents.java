package org.cardcage.kernel.kobject;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Where events about objects come from and go to (Linux {@code lib/kobject_uevent.c}).
 *
 * <p>Threads: any; a listener is called on the thread that emits, so it must be quick and must not wait for drivers.
 */
public final class Uevents {

    private final AtomicLong sequence = new AtomicLong();
    private final List<Consumer<Uevent>> listeners = new CopyOnWriteArrayList<>();
    private final Consumer<RuntimeException> faults;

    /** @param faults told of what listeners throw */
    Uevents(Consumer<RuntimeException> faults) {
        this.faults = faults;
    }

    /** Tells everybody. */
    public void emit(String action, KObject object, String subsystem, Map<String, String> variables) {
        Uevent event = new Uevent(
                sequence.incrementAndGet(),
                action,
                "/" + object.path(),
                subsystem,
                Collections.unmodifiableMap(new LinkedHashMap<>(variables)));
        listeners.forEach(listener -> tell(listener, event));
    }

    private void tell(Consumer<Uevent> listener, Uevent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            faults.accept(e); // what has happened has happened, whether somebody can hear of it or not
        }
    }

    /** The number of the last event. */
    public long sequence() {
        return sequence.get();
    }

    /**
     * Hears of events from now on.
     *
     * @return ends that
     */
    public Runnable listen(Consumer<Uevent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
