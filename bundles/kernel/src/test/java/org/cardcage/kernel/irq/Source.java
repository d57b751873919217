package org.cardcage.kernel.irq;

import org.cardcage.machine.InterruptSink;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/** One vector that a test raises by hand; as a line it is number 11. */
final class Source implements VectorSet {
    private final VectorKind kind;
    volatile InterruptSink sink;
    volatile boolean high;
    volatile boolean masked;
    int cpu;

    Source(VectorKind kind) {
        this.kind = kind;
    }

    @Override
    public VectorKind kind() {
        return kind;
    }

    @Override
    public int count() {
        return 1;
    }

    @Override
    public int hardwareNumber(int vector) {
        return 11;
    }

    @Override
    public int cpu(int vector) {
        return cpu;
    }

    @Override
    public boolean setMasked(int vector, boolean hold) {
        masked = hold;
        return true;
    }

    @Override
    public void connect(int vector, InterruptSink to) {
        sink = to;
    }

    @Override
    public boolean asserted(int vector) {
        return high;
    }

    @Override
    public void close() {
        sink = null;
    }
}
