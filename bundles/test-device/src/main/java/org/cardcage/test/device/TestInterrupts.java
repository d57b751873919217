package org.cardcage.test.device;

import java.util.concurrent.atomic.AtomicInteger;
import org.cardcage.device.FunctionPorts;
import org.cardcage.device.InterruptPin;

/**
 * The pending interrupt bits, one for each vector, and the messages or the pin behind them.
 *
 * <p>Threads: any, without a lock.
 */
final class TestInterrupts {

    private final AtomicInteger pending = new AtomicInteger();
    private final InterruptPin pin = new InterruptPin(() -> pending.get() != 0);
    private volatile FunctionPorts ports;

    void powerOn(FunctionPorts p) {
        ports = p;
        pin.powerOn(p);
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
            pin.update();
        }
    }

    /** Clears bits; the pin drops with the last. */
    void acknowledge(int bits) {
        pending.getAndUpdate(p -> p & ~bits);
        if (!ports.messagesEnabled()) {
            pin.update();
        }
    }

    /** Forgets everything. The pin has dropped with the reset, but for one that was just being raised. */
    void reset() {
        pending.set(0);
        pin.update();
    }
}
