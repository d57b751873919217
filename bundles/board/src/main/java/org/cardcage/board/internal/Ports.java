package org.cardcage.board.internal;

import java.util.Optional;
import org.cardcage.machine.ErrorSeverity;
import org.cardcage.machine.FunctionAddress;

/**
 * What the ports of PCI Express show and tell: cards that come and go below them, wake-ups, errors (PCI Express 4.0 sections
 * 6.1.6, 6.2.4 and 6.7.3), and interrupt pins, which they share with other functions.
 *
 * <p>Threads: any; takes the lock of the {@link Fabric}, or is called with it where that is said. No model and no sink is
 * called while it is held.
 */
public final class Ports {

    private final Object lock;
    private final Buses buses;
    private final InterruptController interrupts;

    Ports(Object lock, Buses buses, InterruptController interrupts) {
        this.lock = lock;
        this.buses = buses;
        this.interrupts = interrupts;
    }

    /** The function asks for a wake-up; the root port above it shows who it was. Its address if software wants to know. */
    Optional<FunctionAddress> wake(Function function) {
        Consequences then = new Consequences();
        FunctionAddress address;
        synchronized (lock) {
            PowerRegisters power = function.config.power();
            if (!function.attached || function.bus.isHeld() || power == null || !power.wake()) {
                return Optional.empty();
            }
            Function top = function.top();
            if (top.config.express() != null) {
                top.config.express().showPme(function.requester());
                changed(top, then);
            }
            address = function.address();
        }
        then.interrupt();
        return Optional.of(address);
    }

    /**
     * The function sees an error, its registers and those of the root port above show it.
     *
     * @return as what the machine reports it; empty if no function answers or software has masked the error
     */
    public Optional<ErrorSeverity> error(FunctionAddress address, ErrorSeverity severity) {
        Consequences then = new Consequences();
        Optional<ErrorSeverity> told;
        synchronized (lock) {
            Function function = buses.function(address);
            if (function == null) {
                return Optional.empty();
            }
            told = function.config.error(severity);
            Function top = function.top();
            AerRegisters root = top.config.aer();
            if (root != null && told.isPresent()) {
                root.receive(told.get(), function.requester());
                changed(top, then);
            }
        }
        then.interrupt();
        return told;
    }

    /** Somebody presses the button at the slot below this bridge; whether it has one. */
    boolean pressAttentionButton(Function port) {
        Consequences then = new Consequences();
        boolean button;
        synchronized (lock) {
            ExpressRegisters express = port.config.express();
            button = express != null && express.pressAttentionButton();
            changed(port, then);
        }
        then.interrupt();
        return button;
    }

    /** With the lock held: a card may have come or gone behind this bridge, or its link may have been switched. */
    void showPresence(Function bridge, Consequences then) {
        if (bridge.config.express() != null) {
            bridge.config.express().setPresence(!bridge.secondary.isEmpty());
            changed(bridge, then);
        }
    }

    /** With the lock held, after a change of what a function may ask an interrupt for or how: it does so. */
    void changed(Function function, Consequences then) {
        if (function.updateCauses()) {
            then.interrupts(function);
        }
        int line = function.line();
        if (line >= 0) {
            then.edges(interrupts.drive(line, function, function.assertsPin()));
        }
    }
}
