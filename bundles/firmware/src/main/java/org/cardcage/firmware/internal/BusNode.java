package org.cardcage.firmware.internal;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.machine.Machine;

/** A bus as firmware knows it. Not for use by several threads. */
final class BusNode {

    final Machine machine;
    final int domain;
    /** The bridge that leads here; null for a root bus. */
    final FunctionNode bridge;

    final List<FunctionNode> functions = new ArrayList<>();
    int number;
    /** The last bus number that may be used below. */
    int last;

    BusNode(Machine machine, int domain, FunctionNode bridge) {
        this.machine = machine;
        this.domain = domain;
        this.bridge = bridge;
    }

    /** The bus with this number, here or below, or null. */
    BusNode find(int wanted) {
        if (wanted == number) {
            return this;
        }
        for (FunctionNode function : functions) {
            BusNode below = function.below;
            if (below != null && below.number <= wanted && wanted <= below.last) {
                return below.find(wanted);
            }
        }
        return null;
    }

    /** All functions here and below, each bridge before what is behind it. */
    void collect(List<FunctionNode> to) {
        for (FunctionNode function : functions) {
            to.add(function);
            if (function.below != null) {
                function.below.collect(to);
            }
        }
    }
}
