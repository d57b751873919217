package org.cardcage.board.internal;

import org.cardcage.device.DeviceModel;
import org.cardcage.device.ExpansionRom;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.FunctionPorts;

/** What is behind the expansion ROM register of a function. Writes are ignored. Threads: any; immutable. */
final class RomModel extends DeviceModel {

    private final FunctionDescription description;
    private final ExpansionRom rom;

    RomModel(FunctionDescription description, ExpansionRom rom) {
        this.description = description;
        this.rom = rom;
    }

    @Override
    public FunctionDescription description() {
        return description;
    }

    @Override
    public long read(int bar, long offset, int size) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | rom.byteAt((int) offset + i);
        }
        return value;
    }

    @Override
    public void powerOn(FunctionPorts ports) {
        // read-only memory needs nothing
    }

    @Override
    public void write(int bar, long offset, int size, long value) {
        // read-only
    }

    @Override
    public void reset() {
        // keeps its contents
    }

    @Override
    public void powerOff() {
        // keeps its contents
    }
}
