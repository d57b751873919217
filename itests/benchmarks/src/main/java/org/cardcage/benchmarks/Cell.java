package org.cardcage.benchmarks;

import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.FunctionPorts;

/**
 * The parts that the small cards here have in common. Each has its own {@code read} and {@code write}, since the JVM would
 * otherwise find one method behind all of them and call it directly.
 */
abstract class Cell extends DeviceModel {

    static final int VENDOR = 0x1234;
    /** Device id of {@link OfField}. */
    static final int OF_FIELD = 0xb001;

    private final FunctionDescription description;

    /** @param deviceId tells the classes apart */
    Cell(int deviceId) {
        description = FunctionDescription.of(VENDOR, deviceId, 0x00ff00)
                .bars(Bar.memory32(0, 4096, 4, 8))
                .build();
    }

    @Override
    public final FunctionDescription description() {
        return description;
    }

    @Override
    public final void powerOn(FunctionPorts ports) {
        // nothing here ever calls out
    }

    @Override
    public final void reset() {
        // keeps its value
    }

    @Override
    public final void powerOff() {
        // holds nothing
    }

    /** Every offset is the same volatile field. */
    static final class OfField extends Cell {
        private volatile long value;

        OfField() {
            super(OF_FIELD);
        }

        @Override
        public long read(int bar, long offset, int size) {
            return value;
        }

        @Override
        public void write(int bar, long offset, int size, long fresh) {
            value = fresh;
        }
    }

    /** Ordinary memory. */
    static final class OfArray extends Cell {
        private final long[] values = new long[512];

        OfArray() {
            super(0xb002);
        }

        @Override
        public long read(int bar, long offset, int size) {
            return values[(int) offset >>> 3];
        }

        @Override
        public void write(int bar, long offset, int size, long fresh) {
            values[(int) offset >>> 3] = fresh;
        }
    }
}
