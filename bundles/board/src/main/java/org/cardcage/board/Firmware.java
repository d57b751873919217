package org.cardcage.board;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.cardcage.board.internal.BarRegister;
import org.cardcage.board.internal.InterruptController;
import org.cardcage.board.internal.Placement;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;
import org.cardcage.machine.MachineDescription.HostBridge;

/**
 * What a PC's firmware does to its PCI functions: sizes the BARs, places them in the host bridge's windows, enables
 * decoding and writes down the interrupt line. It sees the machine only through configuration cycles, so it works on any
 * {@link Machine} on which no firmware has run.
 *
 * <p>Memory BARs go from the top of the window down, large ones first, and leave the last MiB below the APICs to the
 * chipset; I/O BARs go up from port 0xc000. A BAR that fits nowhere stays 0, which decodes nothing, and is reported.
 *
 * <p>Threads: any, one at a time by this object's lock; calls the machine while it holds it.
 */
public final class Firmware {

    private static final int VENDOR = 0x00;
    private static final int COMMAND = 0x04;
    private static final int HEADER_TYPE = 0x0e;
    private static final int INTERRUPT_LINE = 0x3c;
    private static final int INTERRUPT_PIN = 0x3d;

    private static final int ABSENT = 0xffff;
    private static final int COMMAND_DECODE = 3;
    private static final int COMMAND_SERR = 1 << 8;
    private static final int MULTI_FUNCTION = 1 << 7;

    private final Machine machine;
    private final Consumer<String> reporter;
    private final Map<FunctionAddress, List<BarRegister>> known = new HashMap<>();

    /** @param reporter told of what could not be placed */
    public Firmware(Machine machine, Consumer<String> reporter) {
        this.machine = machine;
        this.reporter = reporter;
    }

    /** Sets up all functions of all root buses. */
    public synchronized void run() {
        known.clear();
        for (HostBridge root : machine.description().hostBridges()) {
            List<FunctionAddress> functions = enumerate(root.domain(), root.firstBus());
            functions.forEach(this::size);
            place(root, functions);
        }
    }

    /**
     * Sets up one function that has been plugged in; the others stay as they are.
     *
     * @return whether each of its BARs found a place
     */
    public synchronized boolean place(FunctionAddress function) {
        for (HostBridge root : machine.description().hostBridges()) {
            if (root.domain() == function.domain() && root.firstBus() == function.bus() && present(function)) {
                size(function);
                return place(root, List.of(function));
            }
        }
        return false;
    }

    private boolean present(FunctionAddress function) {
        return machine.readConfig(function, VENDOR, 2) != ABSENT;
    }

    private List<FunctionAddress> enumerate(int domain, int bus) {
        List<FunctionAddress> found = new ArrayList<>();
        for (int device = 0; device < 32; device++) {
            FunctionAddress first = new FunctionAddress(domain, bus, device, 0);
            if (present(first)) {
                boolean several = (machine.readConfig(first, HEADER_TYPE, 1) & MULTI_FUNCTION) != 0;
                for (int number = 0; number < (several ? 8 : 1); number++) {
                    FunctionAddress function = first.withFunction(number);
                    if (present(function)) {
                        found.add(function);
                    }
                }
            }
        }
        return found;
    }

    private void size(FunctionAddress function) {
        List<BarRegister> bars = new ArrayList<>();
        if ((machine.readConfig(function, HEADER_TYPE, 1) & ~MULTI_FUNCTION) == 0) {
            int command = machine.readConfig(function, COMMAND, 2);
            machine.writeConfig(function, COMMAND, 2, command & ~COMMAND_DECODE);
            bars.addAll(BarRegister.sizeAll(machine, function));
            machine.writeConfig(function, COMMAND, 2, command);
        } else {
            reporter.accept(function + ": not a plain function; its BARs are left alone");
        }
        known.put(function, bars);
    }

    private boolean place(HostBridge root, List<FunctionAddress> functions) {
        Placement memory = new Placement(root.memory());
        Placement ports = new Placement(root.ports());
        memory.reserve(Placement.CHIPSET_MEMORY);
        ports.reserve(Placement.CHIPSET_PORTS);
        known.forEach((other, bars) -> {
            if (!functions.contains(other) && present(other)) {
                for (BarRegister bar : bars) {
                    long base = bar.base(machine);
                    if (base != 0) {
                        (bar.io() ? ports : memory).reserve(new AddressRange(base, bar.size()));
                    }
                }
            }
        });
        List<BarRegister> wanted = new ArrayList<>();
        functions.forEach(f -> wanted.addAll(known.get(f)));
        wanted.sort(Comparator.comparingLong(BarRegister::size).reversed());
        boolean all = true;
        for (BarRegister bar : wanted) {
            all &= place(bar, bar.io() ? ports : memory);
        }
        functions.forEach(this::enable);
        return all;
    }

    private boolean place(BarRegister bar, Placement space) {
        long base = bar.io() ? space.lowest(bar.size()) : space.highest(bar.size(), bar.limit());
        if (base == 0) {
            bar.write(machine, 0);
            reporter.accept(String.format(
                    "%s: no room for BAR %d of 0x%x bytes; it stays off", bar.function(), bar.index(), bar.size()));
            return false;
        }
        space.reserve(new AddressRange(base, bar.size()));
        bar.write(machine, base);
        return true;
    }

    private void enable(FunctionAddress function) {
        int pin = machine.readConfig(function, INTERRUPT_PIN, 1);
        if (pin >= 1 && pin <= 4) {
            machine.writeConfig(function, INTERRUPT_LINE, 1, InterruptController.route(function.device(), pin));
        }
        int command = machine.readConfig(function, COMMAND, 2);
        machine.writeConfig(function, COMMAND, 2, command | COMMAND_DECODE | COMMAND_SERR);
    }
}
