package org.cardcage.firmware.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cardcage.firmware.Firmware.Relocation;

/**
 * An attempt to make room for functions that have been plugged in: first by larger windows above them, then by moving what
 * nobody uses, first what is on the same bus, then farther and farther around. Not for use by several threads.
 */
final class Rearrangement {

    private final Hierarchy hierarchy;
    private final BusNode bus;
    private final boolean io;
    private final Relocation relocation;

    /** All functions but the new ones and those behind them. */
    private final List<FunctionNode> others;
    /** What the others have. */
    private final List<Demand> demands;
    /** Functions whose windows, if they have any, may change. */
    private final Set<FunctionNode> open = new HashSet<>();

    private final Set<FunctionNode> movable = new HashSet<>();

    /**
     * @param bus where the new functions are
     * @param io whether it is about ports, not memory
     */
    Rearrangement(Hierarchy hierarchy, BusNode bus, List<FunctionNode> fresh, boolean io, Relocation relocation) {
        this.hierarchy = hierarchy;
        this.bus = bus;
        this.io = io;
        this.relocation = relocation;
        Set<FunctionNode> behind = new HashSet<>(FunctionNode.withAllBehind(fresh));
        others = hierarchy.functions();
        others.removeIf(behind::contains);
        demands = FunctionNode.demands(others, io);
    }

    /** Makes room and plans addresses for the new functions; if that is not possible nothing has changed. */
    boolean run() {
        FunctionNode.refresh(others, io);
        open(bus.bridge);
        boolean done = plan(true);
        for (BusNode around = bus; !done && around != null; around = around.bridge == null ? null : around.bridge.bus) {
            done = unpin(around) && (plan(true) || plan(false));
        }
        if (done) {
            carryOut();
        }
        return done;
    }

    private void open(FunctionNode lowest) {
        for (FunctionNode at = lowest; at != null && open.add(at); ) {
            at = at.bus.bridge;
        }
    }

    /**
     * Lets what is idle on a bus and below it move, and windows with nothing in use inside; whether that is more than
     * before.
     */
    private boolean unpin(BusNode around) {
        List<FunctionNode> near = new ArrayList<>();
        around.collect(near);
        near.retainAll(new HashSet<>(others));
        int before = open.size() + movable.size();
        near.forEach(this::open);
        near.removeIf(function -> movable.contains(function) || !relocation.mayMove(function.address()));
        movable.addAll(near);
        return open.size() + movable.size() > before;
    }

    /** @param still whether what could move stays unless it is in the way */
    private boolean plan(boolean still) {
        for (Demand demand : demands) {
            demand.restore();
            boolean free = demand instanceof BarRegister ? movable.contains(demand.owner) : open.contains(demand.owner);
            demand.pinned = !free;
        }
        for (Demand demand : demands) {
            // what its own bridge does not let through uses no addresses
            demand.out |= demand.pinned && !hierarchy.inside(demand);
        }
        boolean done = Layout.of(hierarchy, io).arrange(still);
        demands.forEach(demand -> demand.pinned = false);
        return done;
    }

    private void carryOut() {
        List<FunctionNode> moving = others.stream()
                .filter(function -> function.bars.stream().anyMatch(this::changed))
                .toList();
        for (FunctionNode function : moving) {
            relocation.moving(function.address());
            function.disable();
        }
        for (FunctionNode bridge : others) {
            List<Window> changed =
                    bridge.windows.values().stream().filter(this::changed).toList();
            changed.forEach(Demand::apply);
            if (!changed.isEmpty()) {
                relocation.windowsMoved(bridge.address());
            }
        }
        for (FunctionNode function : moving) {
            function.bars.stream().filter(this::changed).forEach(Demand::apply);
            function.enable(hierarchy.host);
            relocation.moved(function.address());
        }
    }

    private boolean changed(Demand demand) {
        return demand.io() == io && demand.changed();
    }
}
