package org.cardcage.pci.internal;

import java.util.HashMap;
import java.util.Map;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kernel.module.Modules;

/**
 * The modules of drivers whose code never becomes a listed module: several of one owner share one, which is forgotten with the
 * last of them. Threads: any; {@code this} guards the counts.
 */
public final class DriverModules {

    private final Modules modules;
    private final Map<Long, Integer> drivers = new HashMap<>();

    public DriverModules(Modules modules) {
        this.modules = modules;
    }

    /** A driver has come; {@link #left} must follow. As {@link Modules#of}. */
    public synchronized KernelModule arrived(long owner, String fallbackName) {
        drivers.merge(owner, 1, Integer::sum);
        return modules.of(owner, fallbackName);
    }

    /** A driver of this owner has left. */
    public synchronized void left(long owner) {
        if (drivers.computeIfPresent(owner, (o, count) -> count > 1 ? count - 1 : null) == null) {
            modules.forget(owner);
        }
    }
}
