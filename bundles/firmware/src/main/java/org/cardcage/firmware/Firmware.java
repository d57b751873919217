package org.cardcage.firmware;

import java.util.List;
import java.util.function.Consumer;
import org.cardcage.firmware.internal.Allocator;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;

/**
 * What a PC's firmware does to its PCI functions: numbers the buses depth first, sizes BARs and windows, gives them
 * addresses out of the host bridges' windows, enables decoding and writes down the interrupt lines. It sees the machine only
 * through configuration cycles, so it works on any {@link Machine} on which no firmware has run.
 *
 * <p>Memory goes from the top of the window down, and leaves the last MiB below the APICs to the chipset; I/O BARs go up
 * from port 0xc000. Windows of bridges are as small as what is below allows, with room for later below ports that cards can
 * be plugged into. A BAR that fits nowhere stays 0, which decodes nothing, and is reported.
 *
 * <p>Threads: any, one at a time by this object's lock; calls the machine, the reporter and the {@link Relocation} while it holds it.
 */
public final class Firmware {

    /**
     * Decides what may be moved to make room for a card, and is told of it. Called while the firmware's lock is held; it
     * must not call the firmware.
     */
    public interface Relocation {

        /** Nothing is ever moved. */
        Relocation NEVER = function -> false;

        /** Whether nobody uses the function, so that its BARs may get other addresses. */
        boolean mayMove(FunctionAddress function);

        /** The BARs of the function are about to get other addresses. */
        default void moving(FunctionAddress function) {}

        /** They have got them. */
        default void moved(FunctionAddress function) {}

        /** The windows of a bridge have got other addresses. */
        default void windowsMoved(FunctionAddress bridge) {}
    }

    private final Allocator allocator;
    private final boolean adopting;

    /** Firmware that never moves anything. */
    public Firmware(Machine machine, Consumer<String> reporter) {
        this(machine, reporter, Relocation.NEVER);
    }

    /** @param reporter told of what could not be placed, and why */
    public Firmware(Machine machine, Consumer<String> reporter, Relocation relocation) {
        this(machine, reporter, relocation, false);
    }

    private Firmware(Machine machine, Consumer<String> reporter, Relocation relocation, boolean adopting) {
        allocator = new Allocator(machine, reporter, relocation);
        this.adopting = adopting;
    }

    /**
     * Firmware that finds bus numbers, windows and addresses set up already and leaves them as they are; it gives what is free
     * to cards that come later. Arguments as for the constructor.
     */
    public static Firmware adopting(Machine machine, Consumer<String> reporter, Relocation relocation) {
        return new Firmware(machine, reporter, relocation, true);
    }

    /** Sets up all functions of all root buses, or if it is {@link #adopting} looks at how they are set up. */
    public synchronized void run() {
        if (adopting) {
            allocator.adopt();
        } else {
            allocator.run();
        }
    }

    /**
     * Sets up what has been plugged in, with all that is behind it. Before the first {@link #run}, which finds it anyhow, it
     * does nothing. The others stay as they are if there is room; otherwise
     * the windows of the bridges above grow, and what may be moved is moved, as little as is enough.
     *
     * @param functions those of the card, all on the same bus; what is behind them is found
     * @return whether each of their BARs found a place
     */
    public synchronized boolean place(List<FunctionAddress> functions) {
        return allocator.place(functions);
    }

    /** A function has been pulled: its addresses and the bus numbers behind it are free again. */
    public synchronized void forget(FunctionAddress function) {
        allocator.forget(function);
    }
}
