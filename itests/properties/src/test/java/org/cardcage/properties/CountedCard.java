package org.cardcage.properties;

import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.FunctionPorts;

/** A card of which each call is counted, and refused beyond a number. For one thread. */
final class CountedCard extends DeviceModel {

    private final DeviceModel card;
    private final int most;
    private int calls;

    CountedCard(DeviceModel card, int most) {
        this.card = card;
        this.most = most;
    }

    /** Counts from 0 again. */
    void restart() {
        calls = 0;
    }

    private void count() {
        if (++calls > most) {
            throw new AssertionError("more than " + most + " calls into the card: there seems to be no end");
        }
    }

    @Override
    public FunctionDescription description() {
        return card.description();
    }

    @Override
    public void powerOn(FunctionPorts ports) {
        card.powerOn(ports);
    }

    @Override
    public long read(int bar, long offset, int size) {
        count();
        return card.read(bar, offset, size);
    }

    @Override
    public void write(int bar, long offset, int size, long value) {
        count();
        card.write(bar, offset, size, value);
    }

    @Override
    public void reset() {
        count();
        card.reset();
    }

    @Override
    public void powerOff() {
        card.powerOff();
    }
}
