package org.cardcage.board.internal;

import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.FunctionPorts;
import org.cardcage.device.MsixCapability;
import org.cardcage.device.PowerState;

/**
 * A BAR that holds the MSI-X table or its pending bits: these belong to the board, the rest of the BAR to the model.
 *
 * <p>Threads: any, without a lock of its own.
 */
final class MsixWindow extends DeviceModel {

    private final DeviceModel model;
    private final MsixCapability capability;
    private final Messages messages;

    MsixWindow(DeviceModel model, MsixCapability capability, Messages messages) {
        this.model = model;
        this.capability = capability;
        this.messages = messages;
    }

    private boolean inTable(int bar, long offset) {
        long place = offset - capability.tableOffset();
        return bar == capability.tableBar() && place >= 0 && place < capability.tableLength();
    }

    private boolean inPending(int bar, long offset) {
        long place = offset - capability.pendingOffset();
        return bar == capability.pendingBar() && place >= 0 && place < capability.pendingLength();
    }

    @Override
    public long read(int bar, long offset, int size) {
        if (inTable(bar, offset)) {
            return messages.readTable((int) (offset - capability.tableOffset()), size);
        }
        if (inPending(bar, offset)) {
            return messages.readPending((int) (offset - capability.pendingOffset()), size);
        }
        return model.read(bar, offset, size);
    }

    @Override
    public void write(int bar, long offset, int size, long value) {
        if (inTable(bar, offset)) {
            messages.writeTable((int) (offset - capability.tableOffset()), size, value);
        } else if (!inPending(bar, offset)) {
            model.write(bar, offset, size, value);
        }
    }

    @Override
    public FunctionDescription description() {
        return model.description();
    }

    @Override
    public void powerOn(FunctionPorts ports) {
        model.powerOn(ports);
    }

    @Override
    public void reset() {
        model.reset();
    }

    @Override
    public void powerState(PowerState state) {
        model.powerState(state);
    }

    @Override
    public void powerOff() {
        model.powerOff();
    }
}
