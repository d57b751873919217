package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.pci.PciErrorHandlers;
import org.cardcage.pci.PowerState;

/** The ways to reset one function (Linux {@code pci_reset_function}). Threads: any, one at a time by {@code busy}. */
final class FunctionReset {

    /** How long a function may need to answer again (PCI Express 4.0 section 6.6.2), in nanoseconds. */
    private static final long RESET_DELAY = 100_000_000;

    /** How long the reset line is held (Linux {@code pci_reset_secondary_bus}), in nanoseconds. */
    private static final long BUS_RESET_DELAY = 2_000_000;

    private static final int AF_CAN_RESET = 0x3;

    private record Method(String name, Runnable action) {}

    private final PciFunction function;
    private final PciConfig config;
    private final Capabilities capabilities;
    private final FunctionPower power;
    private final AtomicBoolean busy = new AtomicBoolean();

    FunctionReset(PciFunction function, PciConfig config, Capabilities capabilities, FunctionPower power) {
        this.function = function;
        this.config = config;
        this.capabilities = capabilities;
        this.power = power;
    }

    List<String> methods() {
        return usable().stream().map(Method::name).toList();
    }

    private List<Method> usable() {
        List<Method> found = new ArrayList<>();
        OptionalInt express = capabilities.find(CAP_ID_EXPRESS);
        if (express.isPresent()
                && (config.read(express.getAsInt() + EXPRESS_DEVICE_CAPABILITIES, 4) & DEVICE_CAPABILITY_RESET) != 0) {
            found.add(new Method("flr", () -> functionLevel(express.getAsInt() + EXPRESS_DEVICE_CONTROL)));
        }
        OptionalInt features = capabilities.find(CAP_ID_ADVANCED_FEATURES);
        if (features.isPresent() && config.read(features.getAsInt() + AF_CAPABILITIES, 1) == AF_CAN_RESET) {
            found.add(new Method("af_flr", () -> config.write(features.getAsInt() + AF_CONTROL, 1, 1)));
        }
        if (power.resetsOnWake()) {
            found.add(new Method("pm", this::sleepAndWake));
        }
        PciFunction bridge = function.bus().bridge();
        if (bridge != null && !function.isBridge() && function.isAloneOnItsBus()) {
            found.add(new Method(
                    "bus", () -> bridge.attached().whileInReset(bridge, bridge.resetting()::resetSecondaryBus)));
        }
        return found;
    }

    private void functionLevel(int control) {
        config.write(control, 2, config.read(control, 2) | DEVICE_CONTROL_RESET);
    }

    private void sleepAndWake() {
        power.set(PowerState.D3HOT);
        power.set(PowerState.D0);
    }

    /**
     * Resets everything behind this bridge and puts the configuration of the functions back (Linux {@code
     * pci_bus_error_reset}). Nothing may be under way with them.
     *
     * @param behind those behind a bridge before it
     */
    void resetBehind(List<PciFunction> behind) {
        for (PciFunction each : behind) {
            if (!each.hasSavedState() && each.config().answers()) {
                quietly(each, each::saveState);
            }
        }
        List<PciFunction> bridgesFirst = new ArrayList<>(behind);
        Collections.reverse(bridgesFirst);
        function.attached().whileInReset(function, () -> {
            resetSecondaryBus();
            bridgesFirst.forEach(each -> quietly(each, each::restoreState));
        });
    }

    /** What one has against it is of no concern to the others. */
    private static void quietly(PciFunction each, Runnable action) {
        try {
            action.run();
        } catch (KernelException e) {
            each.log().warn("its configuration is lost in the reset: {}", e.getMessage());
        }
    }

    /** Resets this function alone, in the best way that there is. */
    void resetAlone() {
        keepingState(best());
    }

    private Method best() {
        return usable().stream()
                .findFirst()
                .orElseThrow(() -> new KernelException(Errno.ENOTTY, function.name() + " cannot be reset alone"));
    }

    private void resetSecondaryBus() {
        int control = config.read(BRIDGE_CONTROL, 2);
        config.write(BRIDGE_CONTROL, 2, control | BRIDGE_CONTROL_BUS_RESET);
        power.pause(BUS_RESET_DELAY);
        config.write(BRIDGE_CONTROL, 2, control & ~BRIDGE_CONTROL_BUS_RESET);
        power.pause(RESET_DELAY);
    }

    void run(Optional<PciErrorHandlers> handlers) {
        Method method = best();
        if (!busy.compareAndSet(false, true)) {
            throw new KernelException(Errno.EAGAIN, function.name() + " is just being reset");
        }
        try {
            handlers.ifPresent(h -> function.tell("resetPrepare", () -> h.resetPrepare(function)));
            keepingState(method);
            handlers.ifPresent(h -> function.tell("resetDone", () -> h.resetDone(function)));
        } finally {
            busy.set(false);
        }
    }

    private void keepingState(Method method) {
        if (power.isManaged()) {
            power.set(PowerState.D0);
        }
        function.saveState();
        // no DMA and no interrupt while it is reset
        config.write(COMMAND, 2, COMMAND_INTX_DISABLE, function::checkNotCutOff);
        method.action().run();
        power.pause(RESET_DELAY);
        boolean back = config.answers();
        function.restoreState();
        if (!back) {
            function.log().warn("not ready 100ms after {}; giving up", method.name());
            throw new KernelException(Errno.ENOTTY, function.name() + " does not answer after its reset");
        }
    }
}
