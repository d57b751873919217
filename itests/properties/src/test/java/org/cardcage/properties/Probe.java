package org.cardcage.properties;

import java.util.List;
import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.FunctionPorts;

/** A function whose every byte tells whose byte it is, and that counts the accesses to it. */
final class Probe extends DeviceModel {

    private static final long GOLDEN_RATIO = 0x9e37_79b9_7f4a_7c15L;

    private final int identity;
    private final FunctionDescription description;
    private long accesses;

    Probe(int identity, FunctionDescription description) {
        this.identity = identity;
        this.description = description;
    }

    Probe(int identity, List<Bar> bars) {
        this(
                identity,
                FunctionDescription.of(0x1234, 0xb000 | identity & 0xfff, 0xff0000)
                        .bars(bars.toArray(Bar[]::new))
                        .build());
    }

    /** What a read gives. */
    long signature(int bar, long offset, int size) {
        long mixed = (((long) identity << 35) + ((long) bar << 32) + offset + 1) * GOLDEN_RATIO;
        return (mixed ^ mixed >>> 29) & -1L >>> (64 - 8 * size);
    }

    long accesses() {
        return accesses;
    }

    @Override
    public FunctionDescription description() {
        return description;
    }

    @Override
    public void powerOn(FunctionPorts ports) {
        // it never calls out
    }

    @Override
    public long read(int bar, long offset, int size) {
        accesses++;
        return signature(bar, offset, size);
    }

    @Override
    public void write(int bar, long offset, int size, long value) {
        accesses++;
    }

    @Override
    public void reset() {
        // it has no state
    }

    @Override
    public void powerOff() {
        // it starts nothing by itself
    }

    @Override
    public String toString() {
        return "probe " + identity;
    }
}
