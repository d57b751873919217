package org.cardcage.board.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.cardcage.device.Capability;
import org.cardcage.device.ExtendedCapability;
import org.cardcage.device.FunctionDescription;

/** Finds places for capabilities and chains them (PCI 3.0 section 6.7, PCI Express 4.0 section 7.6). Immutable. */
final class CapabilityLayout {

    private static final int FIRST = 0x40;
    private static final int EXTENDED = 0x100;
    private static final int EXTENDED_END = 0x1000;
    private static final int POINTER = 0x34;
    private static final int NEXT = 1;

    private final Map<Capability, Integer> places = new IdentityHashMap<>();
    private final int end;

    /** @throws IllegalArgumentException if the capabilities overlap or do not fit */
    CapabilityLayout(FunctionDescription description) {
        List<Capability> plain = new ArrayList<>(description.capabilities());
        plain.removeIf(ExtendedCapability.class::isInstance);
        List<Capability> extended = new ArrayList<>(description.capabilities());
        extended.removeAll(plain);
        place(plain, FIRST, EXTENDED);
        int last = place(extended, EXTENDED, EXTENDED_END);
        if (!extended.isEmpty() && places.get(extended.get(0)) != EXTENDED) {
            throw new IllegalArgumentException("the first extended capability must lie at 0x100");
        }
        for (var r : description.registers()) {
            last = Math.max(last, r.offset() + r.size());
        }
        end = Math.max(last, EXTENDED);
    }

    private int place(List<Capability> capabilities, int start, int limit) {
        BitSet taken = new BitSet();
        capabilities.stream().filter(c -> c.offset() != Capability.ANYWHERE).forEach(c -> take(taken, c, c.offset()));
        for (Capability c : capabilities) {
            if (c.offset() == Capability.ANYWHERE) {
                take(taken, c, free(taken, c, start, limit));
            }
        }
        return taken.length();
    }

    private void take(BitSet taken, Capability capability, int offset) {
        int next = taken.nextSetBit(offset);
        if (next >= 0 && next < offset + capability.length()) {
            throw new IllegalArgumentException(
                    String.format("%s at offset 0x%x overlaps another capability", capability, offset));
        }
        taken.set(offset, offset + capability.length());
        places.put(capability, offset);
    }

    private static int free(BitSet taken, Capability capability, int start, int limit) {
        for (int at = start; at + capability.length() <= limit; at += 4) {
            int next = taken.nextSetBit(at);
            if (next < 0 || next >= at + capability.length()) {
                return at;
            }
        }
        throw new IllegalArgumentException("no place in configuration space for " + capability);
    }

    /** Bytes from the start of configuration space that mean something. */
    int end() {
        return end;
    }

    int offset(Capability capability) {
        return places.get(capability);
    }

    /** Writes ids and pointers; whether there is a conventional capability. */
    boolean chain(ConfigBytes bytes, FunctionDescription description) {
        int pointer = POINTER;
        int extended = 0;
        for (Capability c : description.capabilities()) {
            int at = offset(c);
            if (c instanceof ExtendedCapability e) {
                bytes.define(at, 4, e.id() | e.version() << 16);
                if (extended != 0) {
                    bytes.define(extended + 2, 2, bytes.read(extended + 2, 2) | at << 4);
                }
                extended = at;
            } else {
                bytes.define(at, 2, c.id());
                bytes.define(pointer, 1, at);
                pointer = at + NEXT;
            }
        }
        return pointer != POINTER;
    }
}
