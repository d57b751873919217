package org.cardcage.qemu.internal;

import java.util.Objects;
import org.cardcage.machine.InterruptSink;
import org.cardcage.machine.VectorSet;

/**
 * Message-signalled vectors of a function, each with a cell of the {@link Doorbell}. While they are open the pin is disabled by the
 * command bit, as Linux's {@code pci_intx_for_msi} does. A vector that can be masked is so until a sink is connected.
 *
 * <p>Threads: any. This object's lock guards {@code open}, {@code armed} and the mask bits of the function.
 */
abstract class MessageVectors implements VectorSet {

    private final FunctionRegisters registers;
    private final Doorbell doorbell;
    private final Heartbeat heartbeat;
    private final int[] cells;
    private boolean open = true;
    private boolean armed;

    /** @param cells of the doorbell, in the order of the function's vectors */
    MessageVectors(FunctionRegisters registers, Doorbell doorbell, Heartbeat heartbeat, int... cells) {
        this.registers = registers;
        this.doorbell = doorbell;
        this.heartbeat = heartbeat;
        this.cells = cells;
    }

    final FunctionRegisters registers() {
        return registers;
    }

    /** Where the messages of a vector go. */
    final long messageAddress(int vector) {
        return doorbell.address(cells[vector]);
    }

    /** What they say. */
    final int messageData(int vector) {
        return Doorbell.data(cells[vector]);
    }

    /** Masks a vector at the function or takes it back; whether that is possible. */
    abstract boolean mask(int vector, boolean masked);

    /** Switches the capability off. */
    abstract void disable();

    @Override
    public final int count() {
        return cells.length;
    }

    @Override
    public final int hardwareNumber(int vector) {
        return cells[Objects.checkIndex(vector, cells.length)];
    }

    @Override
    public final void connect(int vector, InterruptSink sink) {
        int cell = hardwareNumber(vector);
        synchronized (this) {
            checkOpen();
            doorbell.connect(cell, sink);
            mask(vector, false);
            if (!armed) {
                armed = true;
                heartbeat.begin();
            }
        }
    }

    private void checkOpen() {
        if (!open) {
            throw new IllegalStateException("vectors are given back");
        }
    }

    @Override
    public final synchronized boolean setMasked(int vector, boolean masked) {
        Objects.checkIndex(vector, cells.length);
        checkOpen();
        return mask(vector, masked);
    }

    @Override
    public final boolean asserted(int vector) {
        Objects.checkIndex(vector, cells.length);
        return false;
    }

    @Override
    public final void close() {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
            if (armed) {
                heartbeat.end();
            }
        }
        disable();
        registers.intx(true);
        for (int cell : cells) {
            doorbell.giveBack(cell);
        }
    }
}
