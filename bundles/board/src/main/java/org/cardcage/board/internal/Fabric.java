package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.cardcage.board.BusPolicy;
import org.cardcage.board.internal.ConfigSpace.Effect;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.InterruptSink;
import org.cardcage.machine.IoMemory;

/**
 * The bus: knows who sits where, decodes configuration cycles, and pushes what follows from a configuration register into
 * mappings, bus masters and interrupt lines.
 *
 * <p>Threads: any. {@code lock} guards the functions, their configuration and pins, and the list of live mappings. Neither
 * a model nor an interrupt sink is called while it is held.
 */
public final class Fabric {

    private final Object lock = new Object();
    private final Map<FunctionAddress, Function> functions = new TreeMap<>();
    private final Set<BoardMemory> mappings = Collections.newSetFromMap(new WeakHashMap<>());
    private List<Window> memoryWindows = List.of();
    private List<Window> portWindows = List.of();

    private final BusPolicy policy;
    private final InterruptController interrupts;
    private final AddressSpace memory;
    private final AddressSpace ports;

    public Fabric(Ram ram, InterruptController interrupts, BusPolicy policy) {
        this.policy = policy;
        this.interrupts = interrupts;
        memory = AddressSpace.memory(ram, interrupts, policy);
        ports = AddressSpace.ports(policy);
    }

    AddressSpace memory() {
        return memory;
    }

    BusPolicy policy() {
        return policy;
    }

    /** The function, in reset state, answers from now on. */
    public void attach(Function function) {
        synchronized (lock) {
            functions.put(function.address, function);
            function.attached = true;
            function.reset();
            markDevice(function.address);
            changed(function);
        }
    }

    /** The function answers no more, its interrupt line drops. */
    public void detach(Function function) {
        synchronized (lock) {
            functions.remove(function.address, function);
            function.attached = false;
            function.silence();
            markDevice(function.address);
            level(function);
            reroute();
        }
    }

    /** A reset of the bus as far as configuration space and pins are concerned. */
    public void reset() {
        synchronized (lock) {
            for (Function function : functions.values()) {
                function.stillMaster = function.busMaster && !policy.resetStopsBusMasters();
                function.reset();
                changed(function);
            }
        }
    }

    /** One configuration read cycle; all ones where nothing answers. */
    public int readConfig(FunctionAddress address, int offset, int size) {
        checkConfig(offset, size);
        synchronized (lock) {
            Function function = functions.get(address);
            return function == null || offset >= function.config.size()
                    ? -1 >>> (32 - 8 * size)
                    : function.config.read(offset, size);
        }
    }

    /** One configuration write cycle; what follows from it has happened on return. */
    public void writeConfig(FunctionAddress address, int offset, int size, int value) {
        checkConfig(offset, size);
        List<InterruptSink> told;
        Set<Effect> effects;
        Function function;
        synchronized (lock) {
            function = functions.get(address);
            if (function == null || offset >= function.config.size()) {
                return;
            }
            function.stillMaster &= !ConfigSpace.touchesCommand(offset, size);
            effects = function.writeConfig(offset, size, value);
            told = changed(function);
        }
        told.forEach(InterruptSink::raised);
        function.follow(effects);
    }

    private static void checkConfig(int offset, int size) {
        if ((size != 1 && size != 2 && size != 4) || offset < 0 || offset > 4095 || offset % size != 0) {
            throw new IllegalArgumentException("configuration access of " + size + " bytes at offset " + offset
                    + ": the size must be 1, 2 or 4, the offset 0 to 4095 and a multiple of it");
        }
    }

    /** The function asserts or drops its pin. */
    void setPin(Function function, boolean asserted) {
        List<InterruptSink> told;
        synchronized (lock) {
            if (!function.attached || function.pin == asserted) {
                return;
            }
            function.pin = asserted;
            function.config.setInterruptStatus(asserted);
            told = level(function);
        }
        told.forEach(InterruptSink::raised);
    }

    /** The function asks for a wake-up. */
    void wake(Function function) {
        synchronized (lock) {
            PowerRegisters power = function.config.power();
            if (function.attached && power != null) {
                power.wake();
            }
        }
    }

    /** A handle on memory space. */
    public IoMemory map(long address, long length) {
        return map(memory, address, length);
    }

    /** A handle on port space. */
    public IoMemory mapPorts(int port, int length) {
        return map(ports, port, length);
    }

    private IoMemory map(AddressSpace space, long address, long length) {
        BoardMemory mapping = new BoardMemory(this, space, address, length);
        synchronized (lock) {
            mapping.reroute();
            mappings.add(mapping);
        }
        return mapping;
    }

    void disconnect(BoardMemory mapping) {
        synchronized (lock) {
            if (mappings.contains(mapping)) {
                mapping.cut();
            }
        }
    }

    void forget(BoardMemory mapping, Supplier<? extends RuntimeException> reason) {
        synchronized (lock) {
            if (mappings.remove(mapping)) {
                mapping.close(reason);
            }
        }
    }

    private List<InterruptSink> changed(Function function) {
        function.publish();
        reroute();
        return level(function);
    }

    private List<InterruptSink> level(Function function) {
        int line = function.line();
        return line < 0 ? List.of() : interrupts.drive(line, function, function.assertsPin());
    }

    private void reroute() {
        List<Window> freshMemory = new ArrayList<>();
        List<Window> freshPorts = new ArrayList<>();
        for (Function function : functions.values()) {
            function.addWindows(freshMemory, freshPorts);
        }
        if (freshMemory.equals(memoryWindows) && freshPorts.equals(portWindows)) {
            return;
        }
        memoryWindows = freshMemory;
        portWindows = freshPorts;
        memory.setWindows(freshMemory);
        ports.setWindows(freshPorts);
        mappings.forEach(BoardMemory::reroute);
    }

    /** A device with a function other than 0 says so in each header (PCI 3.0 section 6.2.1). */
    private void markDevice(FunctionAddress address) {
        List<Function> siblings = functions.values().stream()
                .filter(f -> f.address.withFunction(0).equals(address.withFunction(0)))
                .toList();
        boolean several = siblings.stream().anyMatch(f -> f.address.function() > 0);
        siblings.forEach(f -> f.config.setMultiFunction(several));
    }
}
