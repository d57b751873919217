package org.cardcage.edu.device;

import org.cardcage.device.FunctionPorts;

/**
 * The pending interrupt bits, and the pin or message behind them.
 *
 * <p>Threads: any. {@code lock} guards all fields. No port is called while it is held; yet the levels of the pin must reach
 * the port in the order of the decisions, so whoever finds the pin already being driven leaves its request to that thread.
 */
final class EduInterrupts {

    private final Object lock = new Object();
    private volatile int pending;
    private boolean wanted;
    private long requests;
    private boolean driving;
    private volatile FunctionPorts ports;

    void powerOn(FunctionPorts p) {
        ports = p;
    }

    /** The bits that are raised and not acknowledged. */
    int pending() {
        return pending;
    }

    /** Adds bits; if any is pending then, sends a message or asserts the pin, even if they were pending before. */
    void raise(int bits) {
        boolean messages = ports.messagesEnabled();
        boolean signal;
        synchronized (lock) {
            pending |= bits;
            signal = pending != 0;
            if (signal && !messages) {
                request(true);
            }
        }
        if (signal) {
            if (messages) {
                ports.signal(0);
            } else {
                drive();
            }
        }
    }

    /** Clears bits; drops the pin if none is left, unless messages are in use. */
    void acknowledge(int bits) {
        boolean messages = ports.messagesEnabled();
        boolean drop;
        synchronized (lock) {
            pending &= ~bits;
            drop = pending == 0 && !messages;
            if (drop) {
                request(false);
            }
        }
        if (drop) {
            drive();
        }
    }

    private void request(boolean level) {
        wanted = level;
        requests++;
    }

    private void drive() {
        synchronized (lock) {
            if (driving) {
                return;
            }
            driving = true;
        }
        boolean done = false;
        try {
            while (!done) {
                boolean level;
                long seen;
                synchronized (lock) {
                    level = wanted;
                    seen = requests;
                }
                ports.setPin(level);
                synchronized (lock) {
                    done = seen == requests;
                    driving = !done;
                }
            }
        } finally {
            if (!done) {
                synchronized (lock) {
                    driving = false;
                }
            }
        }
    }
}
