package org.cardcage.pci.internal;

import java.util.Set;
import org.cardcage.device.Bar;
import org.cardcage.device.Capability;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.FunctionPorts;
import org.cardcage.device.MsiCapability;

/** A card with one register that keeps what is written; a write of 0xff interrupts, one of 0 ends that. */
final class TestCard extends DeviceModel {

    static final int VENDOR = 0xcafe;
    static final int DEVICE = 0x0001;

    private final FunctionDescription description;
    private volatile FunctionPorts ports;
    private volatile long register;

    private TestCard(FunctionDescription description) {
        this.description = description;
    }

    private static FunctionDescription.Builder card() {
        return FunctionDescription.of(VENDOR, DEVICE, 0x028000)
                .revision(3)
                .subsystem(0xbeef, 7)
                .interruptPin(1)
                .bars(Bar.memory32(0, 0x1000, 4), new Bar(2, Bar.Kind.IO, false, 0x20, Set.of(1, 2, 4)));
    }

    static TestCard withMsi() {
        return new TestCard(card().msi(new MsiCapability(0x50, 1, true)).build());
    }

    static TestCard with(Capability... capabilities) {
        return new TestCard(card().bars(Bar.memory32(0, 0x1000, 4), Bar.memory32(1, 0x1000, 4))
                .capabilities(capabilities)
                .build());
    }

    /** Asks the machine to wake up. */
    void wake() {
        ports.wake();
    }

    static TestCard withLineOnly() {
        return new TestCard(card().build());
    }

    @Override
    public FunctionDescription description() {
        return description;
    }

    @Override
    public void powerOn(FunctionPorts given) {
        ports = given;
    }

    @Override
    public long read(int bar, long offset, int size) {
        return register;
    }

    @Override
    public void write(int bar, long offset, int size, long value) {
        register = value;
        boolean raise = value == 0xff;
        if (ports.messagesEnabled()) {
            if (raise) {
                ports.signal(0);
            }
        } else {
            ports.setPin(raise);
        }
    }

    @Override
    public void reset() {
        register = 0;
    }

    @Override
    public void powerOff() {
        register = 0;
    }
}
