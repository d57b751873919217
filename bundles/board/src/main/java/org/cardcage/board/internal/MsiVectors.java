package org.cardcage.board.internal;

import java.util.Objects;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.InterruptSink;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/**
 * Message-signalled vectors of a function: its capability holds the address and the data of the first of them (PCI 3.0
 * section 6.8.1). While they are open the pin is disabled by the command bit, as Linux's {@code pci_intx_for_msi} does.
 *
 * <p>Threads: any; {@code open} is guarded by this object's lock.
 */
public final class MsiVectors implements VectorSet {

    private static final int CONTROL = 2;
    private static final int ENABLE = 1;
    private static final int COUNT_SHIFT = 4;
    private static final int COUNT = 7 << COUNT_SHIFT;
    private static final int ADDRESS_64 = 1 << 7;

    private final InterruptController controller;
    private final ConfigCycles config;
    private final int capability;
    private final int first;
    private final int block;
    private final int count;
    private boolean open = true;

    private MsiVectors(
            InterruptController controller, ConfigCycles config, int capability, int first, int block, int count) {
        this.controller = controller;
        this.config = config;
        this.capability = capability;
        this.first = first;
        this.block = block;
        this.count = count;
    }

    /**
     * @throws UnsupportedOperationException if the function is absent or lacks the capability, or it or the controller
     *     cannot give {@code min} vectors
     */
    public static VectorSet open(
            Fabric fabric, InterruptController controller, FunctionAddress address, int min, int max) {
        ConfigCycles config = new ConfigCycles(fabric, address);
        int capability = config.findCapability(ConfigCycles.CAPABILITY_MSI);
        if (capability == 0) {
            throw new UnsupportedOperationException(address + " has no MSI capability");
        }
        int capable = 1 << (config.read(capability + CONTROL, 2) >>> 1 & 7);
        if (capable < min) {
            throw new UnsupportedOperationException(
                    address + " can send " + capable + " messages, " + min + " vectors are wanted");
        }
        for (int count = Math.min(capable, max); count >= min; count--) {
            int block = count == 1 ? 1 : Integer.highestOneBit(count - 1) << 1;
            int first = controller.takeVectors(block);
            if (first >= 0) {
                MsiVectors set = new MsiVectors(controller, config, capability, first, block, count);
                set.enable();
                return set;
            }
        }
        throw new UnsupportedOperationException("the interrupt controller has no " + min + " free vectors in a row");
    }

    private void enable() {
        int control = config.read(capability + CONTROL, 2);
        boolean wide = (control & ADDRESS_64) != 0;
        long address = InterruptController.address(first);
        config.write(capability + 4, 4, (int) address);
        if (wide) {
            config.write(capability + 8, 4, (int) (address >>> 32));
        }
        config.write(capability + (wide ? 12 : 8), 2, InterruptController.data(first));
        config.intx(false);
        int exponent = Integer.numberOfTrailingZeros(block);
        config.write(capability + CONTROL, 2, control & ~COUNT | exponent << COUNT_SHIFT | ENABLE);
    }

    @Override
    public VectorKind kind() {
        return VectorKind.MSI;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public int hardwareNumber(int vector) {
        return first + Objects.checkIndex(vector, count);
    }

    @Override
    public void connect(int vector, InterruptSink sink) {
        int number = hardwareNumber(vector);
        synchronized (this) {
            if (!open) {
                throw new IllegalStateException("vectors are given back");
            }
            controller.connectVector(number, sink);
        }
    }

    @Override
    public boolean asserted(int vector) {
        Objects.checkIndex(vector, count);
        return false;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
        }
        int control = config.read(capability + CONTROL, 2);
        config.write(capability + CONTROL, 2, control & ~ENABLE);
        config.intx(true);
        controller.returnVectors(first, block);
    }
}
