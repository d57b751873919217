package org.cardcage.test.device;

import java.nio.ByteBuffer;
import org.cardcage.device.FunctionPorts;

/**
 * The burst engine: moves any number of bytes between the card's memory and the bus in one transfer. The write that starts
 * it returns when it is done, unless it is asked to work in the background.
 *
 * <p>Threads: any. {@code lock} guards the registers against a transfer that is under way, which the run bit keeps single.
 * No port is called while the lock is held.
 */
final class TestDma {

    static final int RUN = 1;
    static final int TO_BUS = 1 << 1;
    static final int INTERRUPT_ENABLE = 1 << 2;
    static final int BACKGROUND = 1 << 3;
    static final int VECTOR_SHIFT = 8;

    static final int UNANSWERED = 1;
    static final int OUT_OF_RANGE = 1 << 1;

    private final Object lock = new Object();
    private final TestMemory memory;
    private final TestInterrupts interrupts;
    private volatile long address;
    private volatile long offset;
    private volatile long count;
    private volatile int control;
    private volatile int status;
    /** Counts resets, so that a transfer that one of them has ended is known. */
    private int resets;

    private volatile FunctionPorts ports;

    TestDma(TestMemory memory, TestInterrupts interrupts) {
        this.memory = memory;
        this.interrupts = interrupts;
    }

    void powerOn(FunctionPorts p) {
        ports = p;
    }

    long address() {
        return address;
    }

    long offset() {
        return offset;
    }

    long count() {
        return count;
    }

    int control() {
        return control;
    }

    /** What was wrong with the last transfer. */
    int status() {
        return status;
    }

    void setAddress(long value) {
        synchronized (lock) {
            address = isIdle() ? value : address;
        }
    }

    void setOffset(long value) {
        synchronized (lock) {
            offset = isIdle() ? value : offset;
        }
    }

    void setCount(long value) {
        synchronized (lock) {
            count = isIdle() ? value : count;
        }
    }

    private boolean isIdle() {
        return (control & RUN) == 0;
    }

    /** Starts a transfer if the run bit is set; while one runs, does nothing. */
    void setControl(int value) {
        int epoch;
        synchronized (lock) {
            if (!isIdle()) {
                return;
            }
            control = value;
            if (isIdle()) {
                return;
            }
            status = 0;
            epoch = resets;
        }
        if ((value & BACKGROUND) != 0) {
            ports.executor().execute(() -> transfer(value, epoch));
        } else {
            transfer(value, epoch);
        }
    }

    private void transfer(int command, int epoch) {
        int result = move((command & TO_BUS) != 0);
        synchronized (lock) {
            if (epoch != resets) {
                return;
            }
            status = result;
            control = command & ~RUN;
        }
        if ((command & INTERRUPT_ENABLE) != 0) {
            interrupts.raise(1 << (command >>> VECTOR_SHIFT & TestDevice.VECTORS - 1));
        }
    }

    private int move(boolean toBus) {
        long bytes = count;
        long from = offset;
        if (from < 0 || bytes < 0 || from > memory.size() || bytes > memory.size() - from) {
            return OUT_OF_RANGE;
        }
        ByteBuffer part = memory.slice((int) from, (int) bytes);
        boolean answered =
                toBus ? ports.dma().write(address, part) : ports.dma().read(address, part);
        return answered ? 0 : UNANSWERED;
    }

    /** Registers as at power-on; what a transfer under way still moves has no consequences. */
    void reset() {
        synchronized (lock) {
            address = 0;
            offset = 0;
            count = 0;
            control = 0;
            status = 0;
            resets++;
        }
    }
}
