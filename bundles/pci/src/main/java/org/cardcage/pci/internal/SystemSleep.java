package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Driver;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.PowerState;

/**
 * Puts all devices to sleep and wakes them, or quiets them for good (Linux {@code drivers/base/power/main.c} and {@code
 * pci-driver.c}). Each device is dealt with on its own lane, one after the other.
 *
 * <p>Threads: any. {@code this} guards {@code state} and {@code woken} and is not held while a device is dealt with; {@code
 * sleepers} belongs to the one thread that has made the state one of the two that pass.
 */
final class SystemSleep {

    private enum State {
        AWAKE,
        FALLING_ASLEEP,
        ASLEEP,
        WAKING
    }

    private final PciTopology topology;
    private final Kernel kernel;
    private State state = State.AWAKE;
    /** Whether somebody wants the devices awake while they are falling asleep. */
    private boolean woken;
    /** Those that have been told to sleep, in the order in which they are woken. */
    private final List<PciFunction> sleepers = new ArrayList<>();
    /** Those of them that sleep. */
    private final Set<PciFunction> asleep = ConcurrentHashMap.newKeySet();

    SystemSleep(PciTopology topology, Kernel kernel) {
        this.topology = topology;
        this.kernel = kernel;
    }

    void suspend(CancelToken cancel) {
        if (!change(State.AWAKE, State.FALLING_ASLEEP)) {
            throw new KernelException(Errno.EBUSY, "the devices sleep already");
        }
        kernel.drivers().control().holdProbes();
        try {
            for (PciFunction function : childrenFirst()) {
                requireNotWoken(false);
                sleepers.add(0, function); // also if the wait for it ends early, since it may fall asleep after that
                perform(function, cancel, this::sleep);
            }
            requireNotWoken(true);
        } catch (RuntimeException e) {
            kernel.logger("PM").error("Some devices failed to suspend, or early wake event detected");
            try (Patience patience = new Patience(kernel)) {
                wakeAll(patience.token());
            }
            throw e;
        }
    }

    private synchronized boolean change(State from, State to) {
        boolean mine = state == from;
        if (mine) {
            state = to;
            woken = false;
        }
        return mine;
    }

    /** @param last whether all devices sleep; from then on they are woken by {@link #resume} itself */
    private synchronized void requireNotWoken(boolean last) {
        if (woken) {
            throw new KernelException(Errno.EBUSY, "the devices were to be woken before all of them slept");
        }
        if (last) {
            state = State.ASLEEP;
        }
    }

    /** A bridge has a lower bus number than what is behind it. */
    private List<PciFunction> childrenFirst() {
        List<PciFunction> all = topology.functions();
        Collections.reverse(all);
        return all;
    }

    /** What has gone meanwhile needs nothing any more. */
    private void perform(
            PciFunction function, CancelToken cancel, BiConsumer<PciFunction, Optional<PciDriver>> action) {
        try {
            kernel.drivers().control().perform(function, cancel, driver -> action.accept(function, pci(driver)));
        } catch (KernelException e) {
            if (!function.isGone()) {
                throw e;
            }
        }
    }

    private static Optional<PciDriver> pci(Optional<Driver> driver) {
        return driver.map(d -> ((DriverAdapter) d).driver());
    }

    private void sleep(PciFunction function, Optional<PciDriver> driver) {
        function.forgetState();
        driver.ifPresent(d -> function.call("suspend", () -> d.suspend(function)));
        boolean saved = function.hasSavedState();
        if (!saved) {
            function.saveState();
        }
        // what the driver has saved itself it has also put to sleep itself
        if (!saved
                && driver.isPresent()
                && !function.isBridge()
                && function.power().isManaged()) {
            function.setPowerState(PowerState.D3HOT);
        }
        asleep.add(function);
    }

    void resume(CancelToken cancel) {
        synchronized (this) {
            woken = state == State.FALLING_ASLEEP;
        }
        if (change(State.ASLEEP, State.WAKING)) {
            wakeAll(cancel);
        }
    }

    private void wakeAll(CancelToken cancel) {
        for (PciFunction function : sleepers) {
            try {
                perform(function, cancel, this::wake);
            } catch (KernelException e) {
                function.log().error("failed to resume: {}", e.getMessage());
            }
        }
        sleepers.clear();
        kernel.drivers().control().releaseProbes();
        synchronized (this) {
            state = State.AWAKE;
        }
    }

    private void wake(PciFunction function, Optional<PciDriver> driver) {
        if (!asleep.remove(function)) {
            return;
        }
        if (function.power().isManaged()) {
            function.power().set(PowerState.D0);
        }
        function.restoreState();
        driver.ifPresent(d -> function.call("resume", () -> d.resume(function)));
    }

    /** Whoever does not come to an end keeps nothing from the others: they are told, and waited for as long as the token allows. */
    void shutdown(CancelToken cancel) {
        kernel.drivers().control().holdProbes();
        KernelException first = null;
        for (PciFunction function : childrenFirst()) {
            // a probe or removal under way may never end, and the rest of the machine must not wait for it
            if (!kernel.drivers().isChanging(function)) {
                try {
                    perform(
                            function,
                            cancel,
                            (f, driver) -> driver.ifPresent(d -> f.tell("shutdown", () -> d.shutdown(f))));
                } catch (KernelException e) {
                    first = first == null ? e : first;
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
