package org.cardcage.qemu.internal;

import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/**
 * The MSI vector of a function (PCI 3.0 section 6.8.1). There is one only: all messages of a function have the same address, so of two
 * that come between two looks at the doorbell the first would be overwritten. A PC without interrupt remapping gives Linux
 * one as well. Threads: any.
 */
final class MsiVectors extends MessageVectors {

    private static final int CONTROL = 2;
    private static final int ENABLE = 1;
    private static final int COUNT = 7 << 4;
    private static final int ADDRESS_64 = 1 << 7;
    private static final int MASKING = 1 << 8;
    private static final int ADDRESS = 4;
    private static final int ADDRESS_HIGH = 8;
    private static final int DATA_32 = 8;
    private static final int DATA_64 = 12;

    private final int capability;
    private final int control;

    private MsiVectors(
            FunctionRegisters registers,
            Doorbell doorbell,
            Heartbeat heartbeat,
            int capability,
            int control,
            int cell) {
        super(registers, doorbell, heartbeat, cell);
        this.capability = capability;
        this.control = control;
    }

    /** @throws UnsupportedOperationException if the function is absent or lacks the capability, or more than one vector is wanted */
    static VectorSet open(FunctionRegisters registers, Doorbell doorbell, Heartbeat heartbeat, int min) {
        int capability = registers.capability(FunctionRegisters.CAPABILITY_MSI, "MSI");
        if (min > 1) {
            throw new UnsupportedOperationException(
                    "this machine gives a function one MSI vector, " + min + " are wanted");
        }
        int cell = doorbell.take();
        if (cell < 0) {
            throw new UnsupportedOperationException("all message vectors of this machine are in use");
        }
        int control = registers.read(capability + CONTROL, 2) & ~(COUNT | ENABLE);
        MsiVectors set = new MsiVectors(registers, doorbell, heartbeat, capability, control, cell);
        set.enable();
        return set;
    }

    private void enable() {
        message(messageAddress(0), messageData(0));
        mask(0, true);
        registers().intx(false);
        registers().write(capability + CONTROL, 2, control | ENABLE);
    }

    private void message(long address, int data) {
        registers().write(capability + ADDRESS, 4, (int) address);
        if ((control & ADDRESS_64) != 0) {
            registers().write(capability + ADDRESS_HIGH, 4, (int) (address >>> 32));
        }
        registers().write(capability + data(), 2, data);
    }

    private int data() {
        return (control & ADDRESS_64) != 0 ? DATA_64 : DATA_32;
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
        registers().write(capability + data() + 4, 4, masked ? -1 : ~1);
        return true;
    }

    @Override
    void disable() {
        registers().change(capability + CONTROL, ENABLE, 0);
        message(0, 0); // the cell is somebody else's from now on
    }
}
