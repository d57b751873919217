package org.cardcage.benchmarks;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/** Keeps what a thread of the machine threw, so that it spoils the benchmark and not its number. Threads: any. */
final class Faults implements BiConsumer<String, Throwable> {

    private final AtomicReference<IllegalStateException> first = new AtomicReference<>();

    @Override
    public void accept(String where, Throwable fault) {
        first.compareAndSet(null, new IllegalStateException("in " + where, fault));
    }

    /** @throws IllegalStateException if there was any */
    void check() {
        IllegalStateException fault = first.get();
        if (fault != null) {
            throw fault;
        }
    }
}
