package org.cardcage.board.internal;

import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.InterruptSink;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/**
 * The interrupt pin of a function at the controller's input. Opening lets the function use its pin; closing leaves that
 * bit alone, as Linux's {@code pci_free_irq_vectors} does. Threads: any.
 */
public final class IntxVectors implements VectorSet {

    private final InterruptController controller;
    private final int line;
    private volatile boolean closed;

    private IntxVectors(InterruptController controller, int line) {
        this.controller = controller;
        this.line = line;
    }

    /** @throws UnsupportedOperationException if the function is absent or has no pin, or more than one is wanted */
    public static VectorSet open(Fabric fabric, InterruptController controller, FunctionAddress address, int min) {
        ConfigCycles config = new ConfigCycles(fabric, address);
        int pin = config.read(ConfigCycles.INTERRUPT_PIN, 1);
        if (pin < 1 || pin > 4) {
            throw new UnsupportedOperationException(address + " has no interrupt pin");
        }
        if (min > 1) {
            throw new UnsupportedOperationException(address + " has one interrupt pin, " + min + " vectors are wanted");
        }
        int line = fabric.line(address);
        if (line < 0) {
            throw new UnsupportedOperationException(address + " is gone");
        }
        config.intx(true);
        return new IntxVectors(controller, line);
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
    public int cpu(int vector) {
        return controller.cpuOfLine(line(vector));
    }

    @Override
    public void connect(int vector, InterruptSink sink) {
        if (closed) {
            throw new IllegalStateException("vectors are given back");
        }
        controller.connectLine(line(vector), this, sink);
    }

    @Override
    public boolean asserted(int vector) {
        return controller.asserted(line(vector));
    }

    @Override
    public void close() {
        closed = true;
        controller.disconnectLine(line, this);
    }
}
