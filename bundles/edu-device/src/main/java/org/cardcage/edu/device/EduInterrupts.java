package org.cardcage.edu.device;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cardcage.device.FunctionPorts;

/**
 * The pending interrupt bits, and the pin or message behind them.
 *
 * <p>Threads: any. {@code lock} guards all fields but {@code sending}. No port is called while it is held; yet the levels of
 * the pin must reach the port in the order of the decisions, so whoever finds the pin already being driven leaves its
 * request to that thread. That thread hands over to the executor when others keep it busy, since it has an access to end.
 */
final class EduInterrupts {

    /** How often an access drives the pin for others. */
    private static final int MOST_ROUNDS = 8;

    private final Object lock = new Object();
    private final Set<Thread> sending = ConcurrentHashMap.newKeySet();
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
            if (signal && !messages) {
                request(true);
            }
        }
        if (signal) {
            if (!messages) {
                drive();
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
        followRequests();
    }

    private void followRequests() {
        boolean done = false;
        try {
            for (int round = 0; !done && round < MOST_ROUNDS; round++) {
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
            if (!done) {
                ports.executor().execute(this::followRequests);
                done = true;
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
