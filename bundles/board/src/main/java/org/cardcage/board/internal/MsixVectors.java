package org.cardcage.board.internal;

import java.util.Arrays;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/**
 * MSI-X vectors of a function: an address and data for each in a table in one of its BARs (PCI 3.0 section 6.8.2). The
 * table is written through the bus, so the BAR must decode. Threads: any.
 */
public final class MsixVectors extends MessageVectors {

    private static final int CONTROL = 2;
    private static final int TABLE = 4;
    private static final int LAST_ENTRY = 0x7ff;
    private static final int ENABLE = 1 << 15;
    private static final int MASK_ALL = 1 << 14;
    private static final int BAR = 7;
    private static final int BARS = 0x10;
    private static final int ENTRY = 16;
    private static final int ENTRY_DATA = 8;
    private static final int ENTRY_CONTROL = 12;
    private static final int MASKED = 1;

    private final InterruptController controller;
    private final ConfigCycles config;
    private final int capability;
    private final IoMemory table;
    private final int[] numbers;

    private MsixVectors(
            InterruptController controller, ConfigCycles config, int capability, IoMemory table, int... numbers) {
        super(controller, config, numbers);
        this.controller = controller;
        this.config = config;
        this.capability = capability;
        this.table = table;
        this.numbers = numbers;
    }

    /**
     * @throws UnsupportedOperationException if the function is absent or lacks the capability, its table does not answer,
     *     or it or the controller cannot give {@code min} vectors
     */
    public static VectorSet open(
            Fabric fabric, InterruptController controller, FunctionAddress address, int min, int max) {
        ConfigCycles config = new ConfigCycles(fabric, address);
        int capability = config.findCapability(ConfigCycles.CAPABILITY_MSIX);
        if (capability == 0) {
            throw new UnsupportedOperationException(address + " has no MSI-X capability");
        }
        int capable = (config.read(capability + CONTROL, 2) & LAST_ENTRY) + 1;
        if (capable < min) {
            throw new UnsupportedOperationException(
                    address + " has " + capable + " MSI-X vectors, " + min + " are wanted");
        }
        IoMemory table = mapTable(fabric, config, capability, capable);
        int[] numbers = take(controller, Math.min(capable, max));
        if (numbers.length < min) {
            giveBack(controller, table, numbers);
            throw new UnsupportedOperationException(
                    "the interrupt controller has " + numbers.length + " free vectors, " + min + " are wanted");
        }
        MsixVectors set = new MsixVectors(controller, config, capability, table, numbers);
        boolean done = false;
        try {
            set.enable(address, capable);
            done = true;
        } finally {
            if (!done) {
                set.close();
            }
        }
        return set;
    }

    private static IoMemory mapTable(Fabric fabric, ConfigCycles config, int capability, int entries) {
        int place = config.read(capability + TABLE, 4);
        int register = BARS + 4 * (place & BAR);
        int low = config.read(register, 4);
        long base = low & 0xffff_fff0L;
        if ((low & 6) == 4) {
            base |= (long) config.read(register + 4, 4) << 32;
        }
        return fabric.map(base + (place & ~BAR & 0xffff_ffffL), (long) ENTRY * entries);
    }

    private static int[] take(InterruptController controller, int max) {
        int[] taken = new int[max];
        int count = 0;
        for (int number = controller.takeVectors(1); number >= 0; number = controller.takeVectors(1)) {
            taken[count++] = number;
            if (count == max) {
                return taken;
            }
        }
        return Arrays.copyOf(taken, count);
    }

    private void enable(FunctionAddress address, int entries) {
        control(ENABLE | MASK_ALL, 0);
        for (int i = 0; i < entries; i++) {
            table.write32(entry(i) + ENTRY_CONTROL, MASKED);
        }
        for (int i = 0; i < numbers.length; i++) {
            table.write64(entry(i), controller.address(numbers[i]));
            table.write32(entry(i) + ENTRY_DATA, controller.data(numbers[i]));
        }
        if (table.read64(entry(0)) != controller.address(numbers[0])) {
            throw new UnsupportedOperationException(String.format(
                    "%s: its MSI-X table does not answer at 0x%x; is memory decoding enabled?",
                    address, table.address()));
        }
        config.intx(false);
        control(0, MASK_ALL);
    }

    private static long entry(int vector) {
        return (long) ENTRY * vector;
    }

    private void control(int set, int clear) {
        config.write(capability + CONTROL, 2, config.read(capability + CONTROL, 2) & ~clear | set);
    }

    @Override
    public VectorKind kind() {
        return VectorKind.MSIX;
    }

    @Override
    boolean mask(int vector, boolean masked) {
        table.write32(entry(vector) + ENTRY_CONTROL, masked ? MASKED : 0);
        return true;
    }

    @Override
    void disable() {
        control(0, ENABLE | MASK_ALL);
    }

    @Override
    void giveBack() {
        giveBack(controller, table, numbers);
    }

    private static void giveBack(InterruptController controller, IoMemory table, int... numbers) {
        for (int number : numbers) {
            controller.returnVectors(number, 1);
        }
        table.disconnect();
    }
}
