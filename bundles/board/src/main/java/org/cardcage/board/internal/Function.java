package org.cardcage.board.internal;

import java.util.List;
import java.util.Set;
import org.cardcage.board.internal.ConfigSpace.Effect;
import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.PowerState;
import org.cardcage.machine.FunctionAddress;

/**
 * One function in a slot.
 *
 * <p>Threads: all fields that change but the volatile ones are guarded by the lock of the {@link Fabric}; those
 * are written under it and read without.
 */
public final class Function {

    /** What a function needs to know of its configuration when it acts as bus master. */
    record Signals(boolean busMaster, boolean messages, long address, int data, int count) {}

    final FunctionAddress address;
    final FunctionDescription description;
    /** Null for a function that is configuration space only. */
    final DeviceModel model;

    final ConfigSpace config;
    private final DeviceModel rom;
    boolean pin;
    boolean attached;
    /** Bus master whatever the command register says, until that is written. */
    boolean stillMaster;

    volatile PowerState powerState = PowerState.D0;
    volatile Signals signals = new Signals(false, false, 0, 0, 1);

    /** A function with a model behind its BARs. */
    public Function(FunctionAddress address, DeviceModel model) {
        this(address, model.description(), model);
    }

    /** A function that only answers configuration cycles. */
    public static Function passive(FunctionAddress address, FunctionDescription description) {
        return new Function(address, description, null);
    }

    private Function(FunctionAddress address, FunctionDescription description, DeviceModel model) {
        this.address = address;
        this.description = description;
        this.model = model;
        config = new ConfigSpace(description);
        rom = description.rom().map(r -> new RomModel(description, r)).orElse(null);
    }

    @Override
    public String toString() {
        return address.toString();
    }

    /** The input of the interrupt controller behind the pin, or -1 if there is no pin. */
    int line() {
        int number = description.interruptPin();
        return number == 0 ? -1 : InterruptController.route(address.device(), number);
    }

    /** After a change of configuration space. */
    void publish() {
        powerState = config.powerState();
        MsiRegisters msi = config.msi();
        boolean master = config.busMaster() || stillMaster;
        signals = msi == null
                ? new Signals(master, config.messagesEnabled(), 0, 0, 1)
                : new Signals(master, msi.enabled(), msi.address(), msi.data(), msi.count());
    }

    /** Without a lock: lets the model follow what a write to configuration space has done. */
    void follow(Set<Effect> effects) {
        if (model == null) {
            return;
        }
        if (effects.contains(Effect.FUNCTION_RESET)) {
            model.reset();
        }
        if (effects.contains(Effect.POWER)) {
            model.powerState(powerState);
        }
    }

    /** What accesses to a BAR reach. */
    DeviceModel behind(Bar bar) {
        return model;
    }

    /** What accesses to the expansion ROM reach; null if there is none. */
    DeviceModel behindRom() {
        return rom;
    }

    /** Adds what the BARs decode just now. */
    void addWindows(List<Window> memory, List<Window> ports) {
        if (model == null) {
            return;
        }
        for (Bar bar : description.bars()) {
            long base = config.base(bar);
            if (base != -1) {
                (bar.kind() == Bar.Kind.IO ? ports : memory).add(Window.of(base, bar, behind(bar)));
            }
        }
    }
}
