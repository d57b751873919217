package org.cardcage.board.internal;

import java.util.stream.IntStream;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/**
 * MSI vectors of a function: its capability holds the address and the data of the first of them (PCI 3.0 section 6.8.1).
 * Threads: any.
 */
public final class MsiVectors extends MessageVectors {

    private static final int CONTROL = 2;
    private static final int ENABLE = 1;
    private static final int COUNT_SHIFT = 4;
    private static final int COUNT = 7 << COUNT_SHIFT;
    private static final int ADDRESS_64 = 1 << 7;
    private static final int MASKING = 1 << 8;

    private final InterruptController controller;
    private final ConfigCycles config;
    private final int capability;
    private final int first;
    private final int block;
    private final int control;

    private MsiVectors(
            InterruptController controller, ConfigCycles config, int capability, int first, int block, int count) {
        super(controller, config, IntStream.range(first, first + count).toArray());
        this.controller = controller;
        this.config = config;
        this.capability = capability;
        this.first = first;
        this.block = block;
        control = config.read(capability + CONTROL, 2) & ~(COUNT | ENABLE);
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
        message(controller.address(first), controller.data(first));
        if ((control & MASKING) != 0) {
            config.write(capability + maskBits(), 4, -1);
        }
        config.intx(false);
        int exponent = Integer.numberOfTrailingZeros(block);
        config.write(capability + CONTROL, 2, control | exponent << COUNT_SHIFT | ENABLE);
    }

    private void message(long address, int data) {
        config.write(capability + 4, 4, (int) address);
        if ((control & ADDRESS_64) != 0) {
            config.write(capability + 8, 4, (int) (address >>> 32));
        }
        config.write(capability + data(), 2, data);
    }

    private int data() {
        return (control & ADDRESS_64) != 0 ? 12 : 8;
    }

    private int maskBits() {
        return data() + 4;
    }

    @Override
    public VectorKind kind() {
        return VectorKind.MSI;
    }

    @Override
    boolean mask(int vector, boolean masked) {
        if ((control & MASKING) == 0) {
            return false;
        }
        int before = config.read(capability + maskBits(), 4);
        int bit = 1 << vector;
        config.write(capability + maskBits(), 4, masked ? before | bit : before & ~bit);
        return true;
    }

    @Override
    void disable() {
        config.write(capability + CONTROL, 2, config.read(capability + CONTROL, 2) & ~ENABLE);
        message(0, 0); // the vector is somebody else's from now on
    }

    @Override
    void giveBack() {
        controller.returnVectors(first, block);
    }
}
