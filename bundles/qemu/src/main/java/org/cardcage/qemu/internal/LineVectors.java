package org.cardcage.qemu.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import org.cardcage.machine.InterruptSink;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/**
 * The interrupt pin of a function at the controller's input. Opening lets the function use its pin; closing leaves that bit alone,
 * as Linux's {@code pci_free_irq_vectors} does. Threads: any.
 */
final class LineVectors implements VectorSet {

    private final InterruptLines lines;
    private final Heartbeat heartbeat;
    private final int line;
    private final AtomicBoolean armed = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    LineVectors(InterruptLines lines, Heartbeat heartbeat, int line) {
        this.lines = lines;
        this.heartbeat = heartbeat;
        this.line = line;
    }

    @Override
    public VectorKind kind() {
        return VectorKind.INTX;
    }

    @Override
    public int count() {
        return 1;
    }

    private int line(int vector) {
        if (vector != 0) {
            throw new IndexOutOfBoundsException("vector " + vector + " of an interrupt pin, which has only vector 0");
        }
        return line;
    }

    @Override
    public int hardwareNumber(int vector) {
        return line(vector);
    }

    @Override
    public void connect(int vector, InterruptSink sink) {
        int number = line(vector);
        if (closed.get()) {
            throw new IllegalStateException("vectors are given back");
        }
        lines.connect(number, this, sink);
        if (armed.compareAndSet(false, true)) {
            heartbeat.begin();
        }
    }

    @Override
    public boolean asserted(int vector) {
        return lines.asserted(line(vector));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            lines.disconnect(line, this);
            if (armed.get()) {
                heartbeat.end();
            }
        }
    }
}
