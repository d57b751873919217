package org.cardcage.edu.device;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cardcage.device.FunctionPorts;
import org.cardcage.device.InterruptPin;

/**
 * The pending interrupt bits, and the pin or message behind them.
 *
 * <p>Threads: any. {@code lock} guards writes of {@code pending} and {@code wanted}, which belong together; no port is
 * called while it is held.
 */
final class EduInterrupts {

    private final Object lock = new Object();
    private final Set<Thread> sending = ConcurrentHashMap.newKeySet();
    private final InterruptPin pin = new InterruptPin(this::isPinWanted);
    private volatile int pending;
    private volatile boolean wanted;
    private volatile FunctionPorts ports;

    void powerOn(FunctionPorts p) {
        ports = p;
        pin.powerOn(p);
    }

    private boolean isPinWanted() {
        return wanted;
    }

    /** The bits that are raised and not acknowledged. */
    int pending() {
        return pending;
    }

    /**
     * Whether the calling thread is inside a message that an access to the card has sent: what it does to the card now is
     * that message, which has found its way back.
     */
    boolean isEcho() {
        return !sending.isEmpty() && sending.contains(Thread.currentThread());
    }

    /** {@link #raise} by a register. */
    void raiseByAccess(int bits) {
        raise(bits, true);
    }

    /** Adds bits; if any is pending then, sends a message or asserts the pin, even if they were pending before. */
    void raise(int bits) {
        raise(bits, false);
    }

    private void raise(int bits, boolean byAccess) {
        boolean messages = ports.messagesEnabled();
        boolean signal;
        synchronized (lock) {
            pending |= bits;
            signal = pending != 0;
            wanted |= signal && !messages;
        }
        if (signal) {
            if (!messages) {
                pin.update();
            } else if (byAccess) {
                signalByAccess();
            } else {
                ports.signal(0);
            }
        }
    }

    private void signalByAccess() {
        Thread thread = Thread.currentThread();
        sending.add(thread);
        try {
            ports.signal(0);
        } finally {
            sending.remove(thread);
        }
    }

    /** Clears bits; drops the pin if none is left, unless messages are in use. */
    void acknowledge(int bits) {
        boolean messages = ports.messagesEnabled();
        boolean drop;
        synchronized (lock) {
            pending &= ~bits;
            drop = pending == 0 && !messages;
            wanted &= !drop;
        }
        if (drop) {
            pin.update();
        }
    }
}
