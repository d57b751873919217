package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.pci.PciResource;
import org.cardcage.pci.PowerState;

/**
 * What a function may do on the bus: decode its addresses, be master.
 *
 * <p>Threads: any; {@code this} guards {@code enabled}.
 */
final class FunctionCommand {

    private final PciFunction function;
    private final PciConfig config;
    private int enabled;

    FunctionCommand(PciFunction function, PciConfig config) {
        this.function = function;
        this.config = config;
    }

    void enable() {
        synchronized (this) {
            if (enabled > 0) {
                enabled++;
                return;
            }
        }
        int decode = 0;
        for (PciResource bar : function.bars()) {
            if (!bar.isAssigned()) {
                throw new KernelException(
                        Errno.EINVAL, "can't enable device: " + bar.name() + " " + bar + " not assigned");
            }
            decode |= bar.io() ? COMMAND_IO : COMMAND_MEMORY;
        }
        enableBridges(function);
        if (function.powerState() != PowerState.D0) {
            function.setPowerState(PowerState.D0);
        }
        int before = config.changeCommand(0, decode, function::checkNotCutOff);
        if ((before & decode) != decode) {
            function.log()
                    .info(
                            "enabling device ({} -> {})",
                            String.format("%04x", before),
                            String.format("%04x", before | decode));
        }
        synchronized (this) {
            enabled++;
        }
    }

    /** What sits behind bridges is reached, and reaches memory, through them (Linux {@code pci_enable_bridge}). */
    private static void enableBridges(PciFunction below) {
        PciFunction bridge = below.bus().bridge();
        if (bridge != null) {
            enableBridges(bridge);
            int decode = COMMAND_MASTER;
            for (PciResource resource : bridge.decodes()) {
                decode |= resource.io() ? COMMAND_IO : COMMAND_MEMORY;
            }
            bridge.config().changeCommand(0, decode, () -> {});
        }
    }

    /** How often it is enabled. */
    synchronized int count() {
        return enabled;
    }

    void disable() {
        synchronized (this) {
            if (enabled == 0 || --enabled > 0) {
                return;
            }
        }
        clearMaster();
    }

    void setMaster() {
        config.changeCommand(0, COMMAND_MASTER, function::checkNotCutOff);
    }

    void clearMaster() {
        config.changeCommand(COMMAND_MASTER, 0, () -> {});
    }

    /** No bus mastering, no line. What sits in the slot of a pulled function is another one. */
    void quiesce() {
        synchronized (this) {
            enabled = 0;
        }
        if (!function.isGone()) {
            config.changeCommand(COMMAND_MASTER, COMMAND_INTX_DISABLE, () -> {});
        }
    }
}
