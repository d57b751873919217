package org.cardcage.edu.device;

import org.cardcage.device.DeviceClock;
import org.cardcage.device.FunctionPorts;

/**
 * The factorial unit. An operand is worked on off the caller's thread; meanwhile its register shows the operand and takes
 * no other.
 *
 * <p>Threads: any. Writes of {@code value} and {@code computing} are guarded by {@code lock}, reads are not: the result is
 * stored first, then {@code computing} cleared, then {@code interruptEnabled} looked at, so that a driver that sets the
 * enable bit and still sees the unit computing gets its interrupt.
 */
final class EduFactorial {

    static final int COMPUTING = 1;
    static final int INTERRUPT_ENABLE = 1 << 7;
    static final int INTERRUPT = 1;

    /** From here on the product has at least 32 factors of 2. */
    private static final int VANISHES = 34;

    private static final long MILLISECOND = 1_000_000;

    private final Object lock = new Object();
    private final EduInterrupts interrupts;
    private final long delay;
    private volatile int value;
    private volatile boolean computing;
    private volatile boolean interruptEnabled;
    /** The thread that raises the interrupt of a result, while it does; computations end one after the other. */
    private volatile Thread telling;

    private volatile FunctionPorts ports;

    EduFactorial(EduInterrupts interrupts, long delay) {
        this.interrupts = interrupts;
        this.delay = delay;
    }

    void powerOn(FunctionPorts p) {
        ports = p;
    }

    int value() {
        return value;
    }

    int status() {
        return (computing ? COMPUTING : 0) | (interruptEnabled ? INTERRUPT_ENABLE : 0);
    }

    void setStatus(long bits) {
        interruptEnabled = (bits & INTERRUPT_ENABLE) != 0;
    }

    void compute(int operand) {
        synchronized (lock) {
            if (computing) {
                return;
            }
            value = operand;
            computing = true;
        }
        Runnable work = () -> finish(factorial(operand));
        // a card whose interrupt message is the next operand would otherwise keep a core busy for ever
        long wait = telling == Thread.currentThread() ? Math.max(delay, MILLISECOND) : delay;
        if (wait == 0) {
            ports.executor().execute(work);
        } else {
            DeviceClock clock = ports.clock();
            long now = clock.nanoTime();
            clock.schedule(
                    now + Math.min(wait, Long.MAX_VALUE - now),
                    () -> ports.executor().execute(work));
        }
    }

    private void finish(int result) {
        synchronized (lock) {
            value = result;
            computing = false;
        }
        if (interruptEnabled) {
            telling = Thread.currentThread();
            try {
                interrupts.raise(INTERRUPT);
            } finally {
                telling = null;
            }
        }
    }

    /** The product of 1 to {@code operand}, an unsigned number, modulo 2 to the 32. */
    static int factorial(int operand) {
        if (Integer.compareUnsigned(operand, VANISHES) >= 0) {
            return 0;
        }
        int product = 1;
        for (int i = 2; i <= operand; i++) {
            product *= i;
        }
        return product;
    }
}
