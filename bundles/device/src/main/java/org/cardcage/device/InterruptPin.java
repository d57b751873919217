package org.cardcage.device;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Drives the interrupt pin of a function to the level that its state asks for, so that the level which stays is that of the
 * last state, although the model holds no lock while it calls the port.
 *
 * <p>Threads: any, without a lock, and nobody waits for anybody: each call has a number, taken before it looks at the state, and
 * the port drops a call that comes after one with a higher number.
 */
public final class InterruptPin {

    private final BooleanSupplier level;
    private final AtomicLong calls = new AtomicLong();
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
        long order = calls.incrementAndGet();
        ports.setPin(level.getAsBoolean(), order);
    }
}
