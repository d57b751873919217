package org.cardcage.qemu.internal;

import java.util.Arrays;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Machine;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/**
 * MSI-X vectors of a function: an address and data for each in a table in one of its BARs (PCI 3.0 section 6.8.2). The table is
 * written through the bus, so the BAR must decode. Threads: any.
 */
final class MsixVectors extends MessageVectors {

    private static final int CONTROL = 2;
    private static final int TABLE = 4;
    private static final int LAST_ENTRY = 0x7ff;
    private static final int ENABLE = 1 << 15;
    private static final int MASK_ALL = 1 << 14;
    private static final int BAR = 7;
    private static final int ENTRY = 16;
    private static final int ENTRY_DATA = 8;
    private static final int ENTRY_CONTROL = 12;
    private static final int MASKED = 1;

    private final int capability;
    private final IoMemory table;

    private MsixVectors(
            FunctionRegisters registers,
            Doorbell doorbell,
            Heartbeat heartbeat,
            int capability,
            IoMemory table,
            int... cells) {
        super(registers, doorbell, heartbeat, cells);
        this.capability = capability;
        this.table = table;
    }

    /**
     * @throws UnsupportedOperationException if the function is absent or lacks the capability, its table does not answer, or it or the
     *     doorbell cannot give {@code min} vectors
     */
    static VectorSet open(
            Machine machine, FunctionRegisters registers, Doorbell doorbell, Heartbeat heartbeat, int min, int max) {
        int capability = registers.capability(FunctionRegisters.CAPABILITY_MSIX, "MSI-X");
        int capable = (registers.read(capability + CONTROL, 2) & LAST_ENTRY) + 1;
        if (capable < min) {
            throw new UnsupportedOperationException(
                    registers.address() + " has " + capable + " MSI-X vectors, " + min + " are wanted");
        }
        int place = registers.read(capability + TABLE, 4);
        long at = registers.base(place & BAR) + (place & ~BAR & 0xffff_ffffL);
        IoMemory table = machine.map(at, (long) ENTRY * capable);
        int[] cells = take(doorbell, Math.min(capable, max));
        if (cells.length < min) {
            for (int cell : cells) {
                doorbell.giveBack(cell);
            }
            throw new UnsupportedOperationException(
                    "this machine has " + cells.length + " free message vectors, " + min + " are wanted");
        }
        MsixVectors set = new MsixVectors(registers, doorbell, heartbeat, capability, table, cells);
        if (!set.enable(capable)) {
            set.close();
            throw new UnsupportedOperationException(String.format(
                    "%s: its MSI-X table does not answer at 0x%x; is memory decoding enabled?",
                    registers.address(), at));
        }
        return set;
    }

    private static int[] take(Doorbell doorbell, int max) {
        int[] cells = new int[max];
        for (int count = 0; count < max; count++) {
            cells[count] = doorbell.take();
            if (cells[count] < 0) {
                return Arrays.copyOf(cells, count);
            }
        }
        return cells;
    }

    private boolean enable(int entries) {
        registers().change(capability + CONTROL, 0, ENABLE | MASK_ALL);
        for (int entry = 0; entry < entries; entry++) {
            table.write32(entry(entry) + ENTRY_CONTROL, MASKED);
        }
        for (int vector = 0; vector < count(); vector++) {
            // in halves, since QEMU takes no 8 bytes at once here
            table.write32(entry(vector), (int) messageAddress(vector));
            table.write32(entry(vector) + 4, (int) (messageAddress(vector) >>> 32));
            table.write32(entry(vector) + ENTRY_DATA, messageData(vector));
        }
        if (table.read32(entry(0)) != (int) messageAddress(0)) {
            return false;
        }
        registers().intx(false);
        registers().change(capability + CONTROL, MASK_ALL, 0);
        return true;
    }

    private static long entry(int vector) {
        return (long) ENTRY * vector;
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
        registers().change(capability + CONTROL, ENABLE | MASK_ALL, 0);
    }
}
