package org.cardcage.device;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Drives the interrupt pin of a function to the level that its state asks for, so that the last level that arrives is that of
 * the last state, although the model holds no lock while it calls the port.
 *
 * <p>Threads: any, without a lock. One thread drives at a time; {@code changes} counts what it has still to look at. When
 * others keep it busy it hands over to the executor, since it may have an access to end.
 */
public final class InterruptPin {

    /** How often one call of {@link #update} drives the pin for others. */
    private static final int MOST_ROUNDS = 8;

    private final BooleanSupplier level;
    private final AtomicInteger changes = new AtomicInteger();
    private volatile FunctionPorts ports;

    /** @param level whether the pin is to be asserted just now; called from any thread, calls no port */
    public InterruptPin(BooleanSupplier level) {
        this.level = level;
    }

    /** Before the first {@link #update}. */
    public void powerOn(FunctionPorts p) {
        ports = p;
    }

    /** To be called after each change of what the level depends on, with no lock held. */
    public void update() {
        if (changes.getAndIncrement() == 0) {
            drive();
        }
    }

    private void drive() {
        boolean handedOver = false;
        try {
            for (int round = 0; round < MOST_ROUNDS; round++) {
                int seen = changes.get();
                ports.setPin(level.getAsBoolean());
                if (changes.compareAndSet(seen, 0)) {
                    handedOver = true;
                    return;
                }
            }
            ports.executor().execute(this::drive);
            handedOver = true;
        } finally {
            if (!handedOver) {
                changes.set(0); // the next change finds the pin undriven
            }
        }
    }
}
