package org.cardcage.board.internal;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.cardcage.board.AccessSplitting;
import org.cardcage.board.BusPolicy;
import org.cardcage.board.internal.ConfigSpace.Effect;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.InterruptSink;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.MachineDescription.HostBridge;

/**
 * The buses together: they carry configuration cycles, and push what follows from a configuration register into address
 * spaces, mappings, bus masters and interrupt lines.
 *
 * <p>Threads: any. {@code lock} guards the buses, the functions, their configuration and pins, and the list of live
 * mappings. Neither a model nor an interrupt sink is called while it is held.
 */
public final class Fabric {

    private static final Set<Effect> CYCLES_MOVE =
            Set.of(Effect.BUS_NUMBERS, Effect.BRIDGE_CONTROL, Effect.POWER, Effect.FUNCTION_RESET);
    private static final int CLASS_HOST_BRIDGE = 0x0600;

    private final Object lock = new Object();
    private final Buses buses;
    private final Mappings memoryMappings = new Mappings();
    private final Mappings portMappings = new Mappings();

    private final BusPolicy policy;
    private final InterruptController interrupts;
    private final AddressSpace memory;
    private final AddressSpace portSpace;
    private final BusMaster master;
    private final Ports ports;
    private volatile Consumer<Function> switchedLinks = port -> {};

    /** @param hosts the root buses; the first one also gets all addresses that no other one has a window for */
    public Fabric(
            Ram ram,
            InterruptController interrupts,
            List<HostBridge> hosts,
            BusPolicy policy,
            AccessSplitting splitting) {
        this.policy = policy;
        this.interrupts = interrupts;
        memory = AddressSpace.memory(ram, interrupts, policy, splitting, address -> unclaimed(false, address));
        portSpace = AddressSpace.ports(policy, splitting, address -> unclaimed(true, address));
        master = new BusMaster(memory, ram, policy, this::aborted);
        buses = new Buses(hosts);
        ports = new Ports(lock, buses, interrupts);
    }

    /** Before the first function: who hears, without a lock, of each port whose link has been switched off or on. */
    public void onSwitchedLink(Consumer<Function> listener) {
        switchedLinks = listener;
    }

    /** What ports show and tell. */
    public Ports ports() {
        return ports;
    }

    BusMaster master() {
        return master;
    }

    /** The root bus with this number, or null. */
    public Bus rootBus(int domain, int number) {
        return buses.root(domain, number);
    }

    /** Whether a function answers at this place. */
    public boolean isTaken(Bus bus, int device, int number) {
        synchronized (lock) {
            return bus.functions(device).stream().anyMatch(f -> f.number == number);
        }
    }

    /** The function, in reset state, answers from now on. */
    public void attach(Function function) {
        Consequences then = new Consequences();
        synchronized (lock) {
            function.bus.put(function);
            function.attached = true;
            function.reset(Reset.POWER);
            population(function, then);
            changed(function, then);
        }
        then.interrupt();
    }

    /** The function answers no more, its interrupt line drops. */
    public void detach(Function function) {
        Consequences then = new Consequences();
        synchronized (lock) {
            function.bus.remove(function);
            function.attached = false;
            population(function, then);
            push(function);
            function.silence();
            ports.changed(function, then);
        }
        then.interrupt();
    }

    /** After a function has come or gone: its siblings, the slot and the bus numbers show it. */
    private void population(Function function, Consequences then) {
        List<Function> siblings = function.bus.functions(function.device);
        // a device with a function other than 0 says so in each header (PCI 3.0 section 6.2.1)
        boolean several = siblings.stream().anyMatch(f -> f.number > 0);
        siblings.forEach(f -> f.config.setMultiFunction(several));
        if (function.bus.bridge != null) {
            ports.showPresence(function.bus.bridge, then);
        }
        if (function.secondary != null) {
            function.bus.renumber();
        }
    }

    /**
     * A reset of all buses as far as configuration space and pins are concerned.
     *
     * @return ports whose links were switched off and are on again
     */
    public List<Function> reset() {
        Consequences then = new Consequences();
        synchronized (lock) {
            buses.roots().forEach(root -> reset(root, Reset.BUS, then));
        }
        return then.switchedLinks();
    }

    private void reset(Bus bus, Reset kind, Consequences then) {
        bus.each(function -> {
            function.stillMaster = kind != Reset.POWER && function.busMaster && !policy.resetStopsBusMasters();
            function.reset(kind);
            changed(function, then);
            then.reset(function);
        });
        bus.renumber();
    }

    /** One configuration read cycle; all ones where nothing answers. */
    public int readConfig(FunctionAddress address, int offset, int size) {
        checkConfig(offset, size);
        synchronized (lock) {
            Function function = buses.function(address);
            return function == null || offset >= function.config.size()
                    ? -1 >>> (32 - 8 * size)
                    : function.config.read(offset, size);
        }
    }

    /** One configuration write cycle; what follows from it has happened on return. */
    public void writeConfig(FunctionAddress address, int offset, int size, int value) {
        checkConfig(offset, size);
        Consequences then = new Consequences();
        Set<Effect> effects;
        Function function;
        synchronized (lock) {
            function = buses.function(address);
            if (function == null || offset >= function.config.size()) {
                return;
            }
            boolean held = function.config.holdsBelow();
            function.stillMaster &= !ConfigSpace.touchesCommand(offset, size);
            effects = function.writeConfig(offset, size, value);
            changed(function, then);
            if (function.secondary != null) {
                if (effects.stream().anyMatch(CYCLES_MOVE::contains)) {
                    function.bus.renumber();
                }
                if (effects.contains(Effect.FUNCTION_RESET) || !held && function.config.holdsBelow()) {
                    reset(function.secondary, function.config.slotIsOff() ? Reset.POWER : Reset.BUS, then);
                }
            }
        }
        then.interrupt();
        function.follow(effects);
        then.reset(switchedLinks);
    }

    private static void checkConfig(int offset, int size) {
        if ((size != 1 && size != 2 && size != 4) || offset < 0 || offset > 4095 || offset % size != 0) {
            throw new IllegalArgumentException("configuration access of " + size + " bytes at offset " + offset
                    + ": the size must be 1, 2 or 4, the offset 0 to 4095 and a multiple of it");
        }
    }

    /** The input of the interrupt controller behind a function's pin; -1 if there is no pin or no function. */
    int line(FunctionAddress address) {
        synchronized (lock) {
            Function function = buses.function(address);
            return function == null ? -1 : function.line();
        }
    }

    /**
     * The function asserts or drops its pin.
     *
     * @param order calls that come after one with a higher number are dropped; 0 if the caller sees to the order
     */
    void setPin(Function function, boolean asserted, long order) {
        List<InterruptSink> told;
        synchronized (lock) {
            boolean late = order > 0 && order < function.pinOrder;
            function.pinOrder = Math.max(function.pinOrder, order);
            if (late || !function.attached || function.pin == asserted || asserted && !function.mayUsePin()) {
                return;
            }
            function.pin = asserted;
            function.showPin();
            int line = function.line();
            told = line < 0 ? List.of() : interrupts.drive(line, function, function.assertsPin());
        }
        told.forEach(InterruptSink::raised);
    }

    /** Whether configuration cycles reach the function at {@code Function.address}. */
    public boolean isReachable(Function function) {
        synchronized (lock) {
            return function.attached && function.bus.reachable();
        }
    }

    /** Notes at one moment which of these functions can be reached, where, and which are hidden by a link that is off. */
    void look(List<Function> functions) {
        synchronized (lock) {
            for (Function function : functions) {
                if (isReachable(function)) {
                    function.found = function.address();
                    function.hidden = false;
                } else {
                    function.hidden = function.bus.isBehindOffLink();
                }
            }
        }
    }

    /** Whether the link below a port is switched off. */
    boolean isLinkOff(Function port) {
        synchronized (lock) {
            return port.config.linkIsOff();
        }
    }

    /** Whether somebody uses the function: it is bus master, has messages enabled, or what it decodes is mapped. */
    public boolean isUsed(FunctionAddress address) {
        synchronized (lock) {
            Function function = buses.function(address);
            return function != null
                    && (function.busMaster
                            || function.messages.enabled()
                            || function.windows.stream()
                                    .anyMatch(w -> mappings(w.io()).any(w.range())));
        }
    }

    /** How many accesses of the function as bus master ended because nobody claimed them; 0 where no function answers. */
    public long aborts(FunctionAddress address) {
        synchronized (lock) {
            Function function = buses.function(address);
            return function == null ? 0 : function.aborts.sum();
        }
    }

    private void aborted(Function function) {
        function.aborts.increment();
        if (policy.showsAborts()) {
            synchronized (lock) {
                function.config.setStatus(Header.RECEIVED_MASTER_ABORT);
            }
        }
    }

    /** An access of the CPU has ended at this address: the bridge shows it that has sent it to its last bus. */
    private void unclaimed(boolean io, long address) {
        if (!policy.showsAborts()) {
            return;
        }
        synchronized (lock) {
            Bus end = buses.end(io, address);
            if (end != null && end.bridge != null) {
                end.bridge.config.setSecondaryStatus(Header.RECEIVED_MASTER_ABORT);
            } else if (end != null) {
                end.functions(0).stream()
                        .filter(f -> f.description.classCode() >>> 8 == CLASS_HOST_BRIDGE)
                        .forEach(f -> f.config.setStatus(Header.RECEIVED_MASTER_ABORT));
            }
        }
    }

    /** A handle on memory space. */
    public IoMemory map(long address, long length) {
        return map(memory, address, length);
    }

    /** A handle on port space. */
    public IoMemory mapPorts(int port, int length) {
        return map(portSpace, port, length);
    }

    private IoMemory map(AddressSpace space, long address, long length) {
        BoardMemory mapping = new BoardMemory(this, space, address, length);
        synchronized (lock) {
            mapping.reroute();
            mappings(space.isPorts()).add(mapping);
        }
        return mapping;
    }

    private Mappings mappings(boolean io) {
        return io ? portMappings : memoryMappings;
    }

    void disconnect(BoardMemory mapping) {
        synchronized (lock) {
            if (mapping.listed != null) {
                mapping.cut();
            }
        }
    }

    void forget(BoardMemory mapping, Supplier<? extends RuntimeException> reason) {
        synchronized (lock) {
            if (mapping.listed != null) {
                mappings(mapping.isPorts()).remove(mapping);
                mapping.close(reason);
            }
        }
    }

    private void changed(Function function, Consequences then) {
        if (function.linkOff != function.config.linkIsOff()) {
            function.linkOff = !function.linkOff;
            function.bus.renumber();
            then.linkSwitched(function);
        }
        function.publish();
        push(function);
        if (function.secondary != null) {
            ports.showPresence(function, then);
        }
        ports.changed(function, then);
    }

    /** Pushes what the function decodes and forwards into the address spaces and the mappings. */
    private void push(Function function) {
        List<Window> before = function.windows;
        List<Window> now = function.decoded();
        if (!now.equals(before)) {
            before.forEach(w -> space(w).remove(w));
            now.forEach(w -> space(w).add(w));
            function.windows = now;
            Stream.concat(before.stream(), now.stream())
                    .forEach(w -> mappings(w.io()).reroute(w.range()));
        }
        if (function.secondary != null) {
            push(function, function.secondary);
        }
    }

    private void push(Function bridge, Bus below) {
        Forwarding before = below.forwarding;
        Forwarding now = bridge.attached ? Forwarding.of(bridge.config) : Forwarding.NOTHING;
        below.number = bridge.config.bridge().secondaryBus();
        if (!now.equals(before)) {
            below.forwarding = now;
            for (Forwarding each : List.of(before, now)) {
                each.memory().forEach(memoryMappings::reroute);
                each.ports().forEach(portMappings::reroute);
            }
        }
    }

    private AddressSpace space(Window window) {
        return window.io() ? portSpace : memory;
    }
}
