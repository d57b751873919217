package org.cardcage.board.internal;

import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;

/**
 * Addresses that a BAR decodes.
 *
 * @param start first address
 * @param size in bytes
 * @param model what is behind
 * @param bar index of the BAR
 * @param accepted the accepted access sizes, each as the bit of its own value
 */
record Window(long start, long size, DeviceModel model, int bar, int accepted) {

    static Window of(long start, Bar bar, DeviceModel model) {
        int accepted = 0;
        for (int size : bar.accessSizes()) {
            accepted |= size;
        }
        return new Window(start, bar.size(), model, bar.index(), accepted);
    }

    boolean contains(long address, long count) {
        long offset = address - start;
        return Long.compareUnsigned(offset, size) < 0 && count <= size - offset;
    }

    boolean overlaps(long address, long count) {
        return Long.compareUnsigned(address - start, size) < 0 || Long.compareUnsigned(start - address, count) < 0;
    }

    /** The largest access that the function takes. */
    int largest() {
        return Integer.highestOneBit(accepted);
    }

    long read(long address, int count) {
        return (accepted & count) == 0 ? 0 : model.read(bar, address - start, count);
    }

    void write(long address, int count, long value) {
        if ((accepted & count) != 0) {
            model.write(bar, address - start, count, value);
        }
    }
}
