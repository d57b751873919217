package org.cardcage.shell.internal.lspci;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.cardcage.shell.internal.lspci.function.PciFunction;

/** How the place of a function is written: its address, or the way to it from bridge to bridge. */
final class SlotNames {

    private final BusTree tree;
    private final View view;
    private final boolean domains;

    /** @param domains whether there is more than domain 0 */
    SlotNames(BusTree tree, View view, boolean domains) {
        this.tree = tree;
        this.view = view;
        this.domains = domains;
    }

    String of(PciFunction f) {
        return of(f, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** @param seen what is below; numbers that contradict each other may make a bridge lead to itself */
    private String of(PciFunction f, Set<PciFunction> seen) {
        Optional<PciFunction> bridge = view.path() > 0 ? tree.bridgeAbove(f) : Optional.empty();
        if (bridge.isPresent() && seen.add(f)) {
            return of(bridge.get(), seen) + "/"
                    + (view.path() > 1 ? f.slot().withoutDomain() : f.slot().withoutBus());
        }
        // a program is spared the number of domain 0
        boolean shown = view.domains() || (view.machine() > 0 ? f.slot().domain() != 0 : domains);
        return shown ? f.slot().toString() : f.slot().withoutDomain();
    }
}
