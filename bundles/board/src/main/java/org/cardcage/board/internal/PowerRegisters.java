package org.cardcage.board.internal;

import org.cardcage.device.PowerManagementCapability;
import org.cardcage.device.PowerState;

/**
 * The registers of a power management capability (PCI Power Management 1.2 section 3.2). Threads: guarded by the lock of
 * the {@link Fabric}.
 */
final class PowerRegisters {

    private static final int CAPABILITIES = 2;
    private static final int CONTROL = 4;
    private static final int VERSION = 3;
    private static final int STATE = 3;
    private static final int NO_SOFT_RESET = 1 << 3;
    /** Of the states to wake from: D3cold. */
    private static final int WITHOUT_POWER = 1 << 4;

    private static final int PME_ENABLE = 1 << 8;
    private static final int PME_STATUS = 1 << 15;

    private final ConfigBytes bytes;
    private final int at;
    private final PowerManagementCapability capability;
    private PowerState state = PowerState.D0;

    PowerRegisters(ConfigBytes bytes, int at, PowerManagementCapability capability) {
        this.bytes = bytes;
        this.at = at;
        this.capability = capability;
        int can = VERSION | (capability.d1() ? 1 << 9 : 0) | (capability.d2() ? 1 << 10 : 0);
        bytes.define(at + CAPABILITIES, 2, can | capability.pmeFrom() << 11);
        boolean wakes = capability.pmeFrom() != 0;
        bytes.define(
                at + CONTROL,
                2,
                capability.softReset() ? 0 : NO_SOFT_RESET,
                STATE | (wakes ? PME_ENABLE : 0),
                wakes ? PME_STATUS : 0);
        bytes.define(at + CONTROL + 2, 2, 0);
        // what may wake the machine must outlive the reset on the way back to D0, and if it can without power, each
        // reset
        bytes.keepAlone(at + CONTROL, 2, PME_ENABLE | PME_STATUS);
        if ((capability.pmeFrom() & WITHOUT_POWER) != 0) {
            bytes.keep(at + CONTROL, 2, PME_ENABLE | PME_STATUS);
        }
    }

    /**
     * After a write: takes over the state if the function has it, otherwise the write of it is lost.
     *
     * @return whether it was the way from D3hot to D0 and that is a reset
     */
    boolean written() {
        PowerState before = state;
        PowerState wanted = PowerState.values()[bytes.read(at + CONTROL, 1) & STATE];
        boolean exists = (wanted != PowerState.D1 || capability.d1()) && (wanted != PowerState.D2 || capability.d2());
        boolean possible = before != PowerState.D3HOT || wanted == PowerState.D0;
        if (exists && possible) {
            state = wanted;
        } else {
            show();
        }
        return before == PowerState.D3HOT && state == PowerState.D0 && capability.softReset();
    }

    private void show() {
        bytes.set(at + CONTROL, 1, bytes.read(at + CONTROL, 1) & ~STATE | state.ordinal());
    }

    /** After a reset: in D0, or when power comes on in the state that the description gives the register. */
    void reset(Reset kind) {
        state = kind == Reset.POWER ? PowerState.values()[bytes.read(at + CONTROL, 1) & STATE] : PowerState.D0;
        show();
    }

    PowerState state() {
        return state;
    }

    /** The function asks for a wake-up; whether it can from here and software wants to hear of it. */
    boolean wake() {
        if ((capability.pmeFrom() & 1 << state.ordinal()) == 0) {
            return false;
        }
        bytes.set(at + CONTROL, 2, PME_STATUS, true);
        return bytes.has(at + CONTROL, 2, PME_ENABLE);
    }
}
