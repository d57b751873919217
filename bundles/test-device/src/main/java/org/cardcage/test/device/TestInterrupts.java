package org.cardcage.test.device;

import java.util.concurrent.atomic.AtomicInteger;
import org.cardcage.device.FunctionPorts;

/**
 * The pending interrupt bits, one for each vector, and the messages or the pin behind them.
 *
 * <p>Threads: any, without a lock. The level of the pin follows {@code pending} in the order of its changes: {@code changes}
 * counts those that the thread which drives the pin has still to look at.
 */
final class TestInterrupts {

    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    private volatile FunctionPorts ports;

    void powerOn(FunctionPorts p) {
        ports = p;
    }

    /** The bits that are raised and not acknowledged. */
    int pending() {
        return pending.get();
    }

    /** Adds bits and sends the message of each, also of one that was pending; without messages, asserts the pin. */
    void raise(int bits) {
        pending.getAndUpdate(p -> p | bits);
        if (ports.messagesEnabled()) {
            for (int left = bits; left != 0; left &= left - 1) {
                ports.signal(Integer.numberOfTrailingZeros(left));
            }
        } else {
            drivePin();
        }
    }

    /** Clears bits; the pin drops with the last. */
    void acknowledge(int bits) {
        pending.getAndUpdate(p -> p & ~bits);
        if (!ports.messagesEnabled()) {
            drivePin();
        }
    }

    private void drivePin() {
        if (changes.getAndIncrement() > 0) {
            return;
        }
        int seen;
        do {
            seen = changes.get();
            ports.setPin(pending.get() != 0);
        } while (!changes.compareAndSet(seen, 0));
    }

    /** Forgets everything. The pin has dropped with the reset, but for one that was just being raised. */
    void reset() {
        pending.set(0);
        drivePin();
    }
}
