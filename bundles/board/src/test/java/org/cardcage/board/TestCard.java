package org.cardcage.board;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.FunctionPorts;
import org.cardcage.device.MsiCapability;

/** A card with 4 KiB of 64-bit cells behind BAR 0 that writes down what happens to it. */
public class TestCard extends DeviceModel {

    public final List<String> journal = new ArrayList<>();
    final long[] cells = new long[512];
    final FunctionDescription description;
    FunctionPorts ports;

    TestCard(FunctionDescription description) {
        this.description = description;
    }

    /** 1234:5678, 1 MiB accepting 4 and 8 bytes, pin A, one 64-bit message: configuration space like EDU's. */
    public static TestCard plain() {
        return new TestCard(like(Bar.memory32(0, 0x10_0000, 4, 8)).build());
    }

    static TestCard with(Bar... bars) {
        return new TestCard(like(bars).build());
    }

    static FunctionDescription.Builder like(Bar... bars) {
        return FunctionDescription.of(0x1234, 0x5678, 0x00ff00)
                .revision(0x10)
                .subsystem(0x1af4, 0x1100)
                .interruptPin(1)
                .bars(bars)
                .msi(new MsiCapability(0x40, 1, true));
    }

    @Override
    public FunctionDescription description() {
        return description;
    }

    @Override
    public void powerOn(FunctionPorts p) {
        ports = p;
        journal.add("powerOn");
    }

    @Override
    public long read(int bar, long offset, int size) {
        journal.add(String.format("read %d:%x/%d", bar, offset, size));
        return cells[(int) (offset / 8) % 512] >>> (8 * (offset % 8)) & -1L >>> (64 - 8 * size);
    }

    @Override
    public void write(int bar, long offset, int size, long value) {
        journal.add(String.format("write %d:%x/%d=%x", bar, offset, size, value));
        int shift = (int) (8 * (offset % 8));
        long mask = (-1L >>> (64 - 8 * size)) << shift;
        int cell = (int) (offset / 8) % 512;
        cells[cell] = cells[cell] & ~mask | value << shift & mask;
    }

    @Override
    public void reset() {
        journal.add("reset");
    }

    @Override
    public void powerOff() {
        journal.add("powerOff");
    }
}
