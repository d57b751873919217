package org.cardcage.board.internal;

import java.util.Objects;
import org.cardcage.machine.InterruptSink;
import org.cardcage.machine.VectorSet;

/**
 * Message-signalled vectors of a function. While they are open the pin is disabled by the command bit, as Linux's {@code
 * pci_intx_for_msi} does. A vector that can be masked is so until a sink is connected.
 *
 * <p>Threads: any. {@code open} and the mask bits of the function are guarded by this object's lock, under which mask bits
 * are written: what an unmasking sets free reaches its sink with the lock held, which is allowed to a sink.
 */
abstract class MessageVectors implements VectorSet {

    private final InterruptController controller;
    private final ConfigCycles config;
    private final int[] numbers;
    private boolean open = true;

    /** @param numbers vectors of the controller, in the order of the function's */
    MessageVectors(InterruptController controller, ConfigCycles config, int... numbers) {
        this.controller = controller;
        this.config = config;
        this.numbers = numbers;
    }

    /** The vector can be masked at the function: does so or takes it back; whether that is possible. */
    abstract boolean mask(int vector, boolean masked);

    /** Switches the capability off. */
    abstract void disable();

    /** Gives the controller's vectors back. */
    abstract void giveBack();

    @Override
    public final int count() {
        return numbers.length;
    }

    @Override
    public final int hardwareNumber(int vector) {
        return numbers[Objects.checkIndex(vector, numbers.length)];
    }

    @Override
    public final int cpu(int vector) {
        return controller.cpuOfVector(hardwareNumber(vector));
    }

    @Override
    public final void connect(int vector, InterruptSink sink) {
        int number = hardwareNumber(vector);
        synchronized (this) {
            checkOpen();
            controller.connectVector(number, sink);
            mask(vector, false);
        }
    }

    private void checkOpen() {
        if (!open) {
            throw new IllegalStateException("vectors are given back");
        }
    }

    @Override
    public final boolean setMasked(int vector, boolean masked) {
        Objects.checkIndex(vector, numbers.length);
        synchronized (this) {
            checkOpen();
            return mask(vector, masked);
        }
    }

    @Override
    public final boolean asserted(int vector) {
        Objects.checkIndex(vector, numbers.length);
        return false;
    }

    @Override
    public final void close() {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
        }
        disable();
        config.intx(true);
        giveBack();
    }
}
