package org.cardcage.board.internal;

import java.util.List;
import org.cardcage.device.Bar;
import org.cardcage.device.DeviceModel;
import org.cardcage.device.FunctionDescription;
import org.cardcage.machine.FunctionAddress;

/**
 * One function in a slot.
 *
 * <p>Threads: all fields that change but {@code signals} are guarded by the lock of the {@link Fabric}; {@code signals}
 * is read without one.
 */
public final class Function {

    /** What a function needs to know of its configuration when it acts as bus master. */
    record Signals(boolean busMaster, boolean messages, long address, int data, int count) {}

    final FunctionAddress address;
    final FunctionDescription description;
    /** Null for a function that is configuration space only. */
    final DeviceModel model;

    final ConfigSpace config;
    boolean pin;
    boolean attached;
    /** Bus master whatever the command register says, until that is written. */
    boolean stillMaster;

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
        signals = new Signals(
                config.busMaster() || stillMaster,
                config.messagesEnabled(),
                config.messageAddress(),
                config.messageData(),
                config.messageCount());
    }

    /** Adds what the BARs decode just now. */
    void addWindows(List<Window> memory, List<Window> ports) {
        if (model == null) {
            return;
        }
        for (Bar bar : description.bars()) {
            long base = config.base(bar);
            if (base != -1) {
                (bar.kind() == Bar.Kind.IO ? ports : memory).add(Window.of(base, bar, model));
            }
        }
    }
}
