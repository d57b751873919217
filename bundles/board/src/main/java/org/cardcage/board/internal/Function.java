package org.cardcage.board.internal;

import java.util.List;
import java.util.Set;
import org.cardcage.board.internal.ConfigSpace.Effect;
import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.MsixCapability;
import org.cardcage.device.PowerState;
import org.cardcage.machine.FunctionAddress;

/**
 * One function in a slot.
 *
 * <p>Threads: all fields that change but the volatile ones are guarded by the lock of the {@link Fabric}; those
 * are written under it and read without.
 */
public final class Function {

    final FunctionAddress address;
    final FunctionDescription description;
    /** Null for a function that is configuration space only. */
    final DeviceModel model;

    final ConfigSpace config;
    private final DeviceModel rom;
    private final DeviceModel withTable;
    boolean pin;
    boolean attached;
    /** Bus master whatever the command register says, until that is written. */
    boolean stillMaster;

    volatile PowerState powerState = PowerState.D0;
    volatile boolean busMaster;
    final Messages messages;

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
        messages = new Messages(description);
        if (config.msi() != null) {
            config.msi().pendingFrom(messages::pendingMsi);
        }
        withTable = description
                .capability(MsixCapability.class)
                .map(c -> (DeviceModel) new MsixWindow(model, c, messages))
                .orElse(model);
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

    /** A write to configuration space. */
    Set<Effect> writeConfig(int offset, int size, int value) {
        Set<Effect> effects = config.write(offset, size, value);
        if (effects.contains(Effect.FUNCTION_RESET)) {
            messages.reset();
        }
        if (effects.contains(Effect.DROP_PIN)) {
            dropPin();
        }
        return effects;
    }

    /** After a change of configuration space. */
    void publish() {
        powerState = config.powerState();
        busMaster = config.busMaster() || stillMaster;
        messages.publish(MessageState.of(config, busMaster));
    }

    /** Nothing that the function does as bus master has an effect from now on. */
    void silence() {
        busMaster = false;
        messages.publish(MessageState.OFF);
    }

    /** A reset as far as configuration space, pin and messages are concerned. */
    void reset() {
        config.reset();
        messages.reset();
        dropPin();
    }

    void dropPin() {
        pin = false;
        config.setInterruptStatus(false);
    }

    /** Whether the function asserts its pin and the machine may see it. */
    boolean assertsPin() {
        return attached && pin && !config.intxDisabled() && config.powerState() == PowerState.D0;
    }

    /** Without a lock: lets the model follow what a write to configuration space has done. */
    void follow(Set<Effect> effects) {
        if (effects.contains(Effect.FUNCTION_RESET) && model != null) {
            model.reset();
        }
        messages.flush();
        if (effects.contains(Effect.POWER) && model != null) {
            model.powerState(powerState);
        }
    }

    /** What accesses to a BAR reach. */
    DeviceModel behind(Bar bar) {
        boolean holdsTable = description
                .capability(MsixCapability.class)
                .filter(c -> c.tableBar() == bar.index() || c.pendingBar() == bar.index())
                .isPresent();
        return holdsTable ? withTable : model;
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
