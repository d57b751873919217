package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.cardcage.machine.FunctionAddress;

/**
 * A bus: the wires behind a host bridge or behind a bridge function. It exists as long as that does, whatever number
 * software gives it.
 *
 * <p>Threads: {@code functions}, {@code bridges} and {@code byNumber} are guarded by the lock of the {@link Fabric}; {@code forwarding} and
 * {@code number} are written under it and read without.
 */
public final class Bus {

    private static final int DEVICE_SHIFT = 3;
    private static final int NUMBERS = 256;

    /** The bridge function above; null for a root bus. */
    final Function bridge;
    /** The root bus that it is below, or itself. */
    final Bus root;
    /** PCI domain. */
    final int domain;
    /** Of a root bus: the last number that may be used below it. */
    private final int lastNumber;

    /** Those that answer, by device and function number. */
    private final TreeMap<Integer, Function> functions = new TreeMap<>();
    /** Those of them that are bridges. */
    private final TreeMap<Integer, Function> bridges = new TreeMap<>();
    /** Of a root bus: the buses below by number, as configuration cycles reach them; null if it has to be worked out. */
    private Bus[] byNumber;

    volatile Forwarding forwarding;
    volatile int number;

    /** The bus behind a host bridge. */
    Bus(int domain, int firstNumber, int lastNumber, Forwarding forwarding) {
        bridge = null;
        root = this;
        this.domain = domain;
        this.lastNumber = lastNumber;
        this.forwarding = forwarding;
        number = firstNumber;
    }

    /** The bus behind a bridge. */
    Bus(Function bridge) {
        this.bridge = bridge;
        root = bridge.bus.root;
        domain = root.domain;
        lastNumber = 0;
        forwarding = Forwarding.NOTHING;
    }

    /** The bus above; null for a root bus. */
    Bus above() {
        return bridge == null ? null : bridge.bus;
    }

    /** Whether a bridge above holds it in reset, or has switched off the link to it. */
    boolean isHeld() {
        for (Bus at = this; at.bridge != null; at = at.above()) {
            if (at.bridge.config.holdsBelow()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a port above has switched off the link to it. */
    boolean isBehindOffLink() {
        for (Bus at = this; at.bridge != null; at = at.above()) {
            if (at.bridge.config.linkIsOff()) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is reached by bus number {@code wanted} or some bus below it could be. */
    boolean holds(int wantedDomain, int wanted) {
        return domain == wantedDomain && number <= wanted && wanted <= lastNumber;
    }

    /** Whether configuration cycles can reach it. */
    boolean reachable() {
        return root.byNumber(number) == this;
    }

    void put(Function function) {
        int place = place(function.device, function.number);
        functions.put(place, function);
        if (function.secondary != null) {
            bridges.put(place, function);
        }
    }

    void remove(Function function) {
        int place = place(function.device, function.number);
        functions.remove(place, function);
        bridges.remove(place, function);
    }

    private static int place(int device, int function) {
        return device << DEVICE_SHIFT | function;
    }

    boolean isEmpty() {
        return functions.isEmpty();
    }

    /** The buses behind the bridges on this one. */
    List<Bus> below() {
        return bridges.values().stream().map(f -> f.secondary).toList();
    }

    /** The functions of one device. */
    List<Function> functions(int device) {
        return new ArrayList<>(
                functions.subMap(place(device, 0), place(device + 1, 0)).values());
    }

    /** All functions here and below, each bridge before what is behind it. */
    void each(Consumer<Function> action) {
        for (Function function : functions.values()) {
            action.accept(function);
            if (function.secondary != null) {
                function.secondary.each(action);
            }
        }
    }

    /** Of a root bus: who answers configuration cycles at this address, or null. */
    Function function(FunctionAddress address) {
        Bus bus = byNumber(address.bus());
        return bus == null ? null : bus.functions.get(place(address.device(), address.function()));
    }

    private Bus byNumber(int wanted) {
        if (byNumber == null) {
            byNumber = new Bus[NUMBERS];
            byNumber[number] = this;
            BitSet below = new BitSet();
            below.set(number + 1, lastNumber + 1);
            route(below);
        }
        return byNumber[wanted];
    }

    /** Works out where cycles for these bus numbers go that arrive here: to the first bridge that takes them. */
    private void route(BitSet arriving) {
        for (Function function : bridges.values()) {
            if (arriving.isEmpty()) {
                return;
            }
            if (!function.forwardsCycles()) {
                continue;
            }
            Bus below = function.secondary;
            int first = function.config.bridge().secondaryBus();
            int last = function.config.bridge().subordinateBus();
            if (first > last) {
                continue;
            }
            BitSet taken = new BitSet();
            taken.set(first, last + 1);
            taken.and(arriving);
            arriving.andNot(taken);
            if (taken.get(first)) {
                root.byNumber[first] = below;
                taken.clear(first);
            }
            below.route(taken);
        }
    }

    /** After a change of bus numbers or of bridges somewhere below the root bus. */
    void renumber() {
        root.byNumber = null;
    }

    /**
     * Whether an access on bus {@code from}, which is this bus or above it, goes all the way down to this one.
     *
     * @param from null for the CPU
     */
    boolean reachedFrom(Bus from, boolean io, long address, long count) {
        for (Bus at = this; at != from; at = at.above()) {
            if (at == null || !at.forwarding.passes(io, address, count)) {
                return false;
            }
        }
        return true;
    }

    /** Whether some of an access by the CPU may go all the way down to this bus. */
    boolean touchedByCpu(boolean io, long address, long count) {
        for (Bus at = this; at != null; at = at.above()) {
            if (!at.forwarding.touches(io, address, count)) {
                return false;
            }
        }
        return true;
    }
}
