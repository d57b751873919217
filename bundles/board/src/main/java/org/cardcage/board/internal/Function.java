package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.cardcage.board.SlotPath;
import org.cardcage.board.internal.ConfigSpace.Effect;
import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.ExpressCapability;
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

    private static final int PINS = 4;

    /** Where it sits, for people. */
    final SlotPath path;

    final Bus bus;
    final int device;
    final int number;
    /** The bus behind a bridge; null if it is none. */
    final Bus secondary;

    final FunctionDescription description;
    /** Null for a function that is configuration space only. */
    final DeviceModel model;

    final ConfigSpace config;
    private final DeviceModel rom;
    private final DeviceModel withTable;
    boolean pin;
    /** The highest number of a call that has set the pin. */
    long pinOrder;
    /** For what it asks, as a port, for an interrupt: a bit for each cause. */
    private int causes;
    /** Those of them for which a message has been sent. */
    private int sent;
    /** Whether, as a port, it has been told to switch off the link below. */
    boolean linkOff;

    boolean attached;
    /** Bus master whatever the command register says, until that is written. */
    boolean stillMaster;

    /** Where it was when it could last be reached; null before that. */
    volatile FunctionAddress found;
    /** Whether it could not be reached then since a link above was off; guarded by {@link Slots}. */
    boolean hidden;

    volatile PowerState powerState = PowerState.D0;
    volatile boolean busMaster;
    final Messages messages;
    /** How many of its accesses as bus master ended because nobody claimed them. */
    final LongAdder aborts = new LongAdder();

    /** What its BARs and ROM decode just now, as {@link Fabric} has pushed it into the address spaces. */
    List<Window> windows = List.of();

    /** A function that only answers configuration cycles. */
    public static Function passive(Bus bus, SlotPath path, FunctionDescription description) {
        return new Function(bus, path, description, null);
    }

    /** A function with a model behind its BARs. */
    public Function(Bus bus, SlotPath path, FunctionDescription description, DeviceModel model) {
        this.bus = bus;
        this.path = path;
        device = path.device();
        number = path.function();
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
        secondary = description.bridge().isPresent() ? new Bus(this) : null;
    }

    /** What it is called as the origin of an access or a message (PCI Express 4.0 section 2.2.6.2). */
    int requester() {
        return bus.number << 8 | device << 3 | number;
    }

    /** The function on the root bus that it is behind, or itself. */
    Function top() {
        Function at = this;
        while (at.bus.bridge != null) {
            at = at.bus.bridge;
        }
        return at;
    }

    /** Where configuration cycles find it, as long as the buses above keep their numbers. */
    public FunctionAddress address() {
        return new FunctionAddress(bus.domain, bus.number, device, number);
    }

    /** Whether it is a PCI Express port with a link below it. */
    boolean isPort() {
        return description
                .capability(ExpressCapability.class)
                .filter(c -> c.port().facesDown())
                .isPresent();
    }

    /** A link above has been switched off. */
    void lose() {
        found = null;
        hidden = true;
    }

    /** The bus behind a bridge; null if it is none. */
    public Bus secondary() {
        return secondary;
    }

    @Override
    public String toString() {
        return bus.bridge == null || bus.number > 0 ? address().toString() : path.toString();
    }

    /**
     * The input of the interrupt controller behind the pin, or -1 if there is no pin. Each bridge turns the pins by the
     * device number (PCI-to-PCI Bridge 1.2 section 9.1).
     */
    int line() {
        int pin = description.interruptPin();
        if (pin == 0) {
            return -1;
        }
        Function at = this;
        while (at.bus.bridge != null) {
            pin = (pin - 1 + at.device) % PINS + 1;
            at = at.bus.bridge;
        }
        return InterruptController.route(at.device, pin);
    }

    /** Of a bridge: whether configuration cycles go on to the bus behind it. */
    boolean forwardsCycles() {
        return attached && !config.holdsBelow() && config.powerState() == PowerState.D0;
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

    /** Nothing that the function does as bus master has an effect from now on, and messages that get lost are not explained. */
    void silence() {
        messages.cut(); // first, or else a signal would be explained by messages being off
        busMaster = false;
        messages.publish(MessageState.OFF);
    }

    /** A reset as far as configuration space, pin and messages are concerned. */
    void reset(Reset kind) {
        config.reset(kind);
        messages.reset();
        dropPin();
    }

    /** Whether it is not held in reset and does not use messages instead, as software may have told it just now. */
    boolean mayUsePin() {
        return !config.messagesEnabled() && !bus.isHeld();
    }

    void dropPin() {
        pin = false;
        showPin();
    }

    /** Brings the interrupt status bit up to date. */
    void showPin() {
        config.setInterruptStatus(wantsPin());
    }

    private boolean wantsPin() {
        return pin || causes != 0 && !config.messagesEnabled();
    }

    /**
     * Works out again for what it asks, as a port, for an interrupt.
     *
     * @return whether a message has to be sent, since there is a cause for which none has been sent
     */
    boolean updateCauses() {
        causes = config.portInterrupts();
        int before = sent;
        sent = config.messagesEnabled() ? causes : 0;
        showPin();
        return (sent & ~before) != 0;
    }

    /** Whether the function asserts its pin and the machine may see it. */
    boolean assertsPin() {
        return attached && wantsPin() && !config.intxDisabled() && config.powerState() == PowerState.D0;
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

    /** Without a lock: lets the model follow a reset of its bus. */
    void resetModel() {
        if (model != null) {
            model.reset();
        }
        messages.flush();
    }

    /** What accesses to a BAR reach. */
    DeviceModel behind(Bar bar) {
        return description
                .capability(MsixCapability.class)
                .filter(c -> c.tableBar() == bar.index() || c.pendingBar() == bar.index())
                .map(c -> withTable)
                .orElse(model);
    }

    /** What accesses to the expansion ROM reach; null if there is none. */
    DeviceModel behindRom() {
        return rom;
    }

    /** What BARs and ROM decode by the function's own registers. */
    List<Window> decoded() {
        if (!attached || model == null) {
            return List.of();
        }
        List<Window> decoded = new ArrayList<>();
        for (Bar bar : description.bars()) {
            long base = config.base(bar);
            if (base != -1) {
                decoded.add(Window.of(this, base, bar));
            }
        }
        if (config.romBase() != -1) {
            decoded.add(Window.rom(
                    this, config.romBase(), description.rom().orElseThrow().size()));
        }
        return decoded;
    }
}
