package org.cardcage.board.internal;

import java.util.Set;
import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;
import org.cardcage.machine.AddressRange;

/**
 * Addresses that a BAR or an expansion ROM decodes, whether the bridges above let them through or not.
 *
 * @param function whose it is
 * @param io whether they are ports
 * @param start first address
 * @param size in bytes
 * @param model what is behind
 * @param bar index of the BAR
 * @param accepted the accepted access sizes, each as the bit of its own value
 */
record Window(Function function, boolean io, long start, long size, DeviceModel model, int bar, int accepted)
        implements Target {

    private static final int ROM = 6;
    private static final Set<Integer> ROM_SIZES = Set.of(1, 2, 4, 8);

    static Window of(Function function, long start, Bar bar) {
        boolean io = bar.kind() == Bar.Kind.IO;
        int accepted = sizes(bar.accessSizes());
        return new Window(function, io, start, bar.size(), function.behind(bar), bar.index(), accepted);
    }

    static Window rom(Function function, long start, int size) {
        return new Window(function, false, start, size, function.behindRom(), ROM, sizes(ROM_SIZES));
    }

    private static int sizes(Set<Integer> accessSizes) {
        int accepted = 0;
        for (int size : accessSizes) {
            accepted |= size;
        }
        return accepted;
    }

    AddressRange range() {
        return new AddressRange(start, size);
    }

    boolean contains(long address, long count) {
        long offset = address - start;
        return Long.compareUnsigned(offset, size) < 0 && count <= size - offset;
    }

    /** Where two overlap, the one that is found first by software wins. */
    boolean before(Window other) {
        if (other == null) {
            return true;
        }
        int order = function.address().compareTo(other.function.address());
        return order < 0 || order == 0 && bar < other.bar;
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
