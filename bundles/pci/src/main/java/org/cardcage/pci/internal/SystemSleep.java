package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
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
 * <p>Threads: any, one at a time; {@code asleep} is the list of those to wake, null while all are awake.
 */
final class SystemSleep {

    private final PciCore core;
    private final Kernel kernel;
    private final AtomicReference<List<PciFunction>> asleep = new AtomicReference<>();

    SystemSleep(PciCore core, Kernel kernel) {
        this.core = core;
        this.kernel = kernel;
    }

    void suspend(CancelToken cancel) {
        List<PciFunction> done = Collections.synchronizedList(new ArrayList<>());
        if (!asleep.compareAndSet(null, done)) {
            throw new KernelException(Errno.EBUSY, "the devices sleep already");
        }
        kernel.drivers().holdProbes();
        try {
            for (PciFunction function : childrenFirst()) {
                perform(function, cancel, this::sleep);
                done.add(0, function);
            }
        } catch (RuntimeException e) {
            kernel.logger("PM").error("Some devices failed to suspend, or early wake event detected");
            resume(new CancelToken());
            throw e;
        }
    }

    /** A bridge has a lower bus number than what is behind it. */
    private List<PciFunction> childrenFirst() {
        List<PciFunction> all = core.functions();
        Collections.reverse(all);
        return all;
    }

    /** What has gone meanwhile needs nothing any more. */
    private void perform(
            PciFunction function, CancelToken cancel, BiConsumer<PciFunction, Optional<PciDriver>> action) {
        try {
            kernel.drivers().perform(function, cancel, driver -> action.accept(function, pci(driver)));
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
    }

    void resume(CancelToken cancel) {
        List<PciFunction> sleepers = asleep.get();
        if (sleepers != null && asleep.compareAndSet(sleepers, null)) {
            for (PciFunction function : new ArrayList<>(sleepers)) {
                try {
                    perform(function, cancel, this::wake);
                } catch (KernelException e) {
                    function.log().error("failed to resume: {}", e.getMessage());
                }
            }
            kernel.drivers().releaseProbes();
        }
    }

    private void wake(PciFunction function, Optional<PciDriver> driver) {
        if (function.power().isManaged()) {
            function.power().set(PowerState.D0);
        }
        function.restoreState();
        driver.ifPresent(d -> function.call("resume", () -> d.resume(function)));
    }

    boolean isAsleep() {
        return asleep.get() != null;
    }

    void shutdown(CancelToken cancel) {
        kernel.drivers().holdProbes();
        for (PciFunction function : childrenFirst()) {
            // a probe or removal under way may never end, and the rest of the machine must not wait for it
            if (!kernel.drivers().isChanging(function)) {
                perform(
                        function,
                        cancel,
                        (f, driver) -> driver.ifPresent(d -> f.tell("shutdown", () -> d.shutdown(f))));
            }
        }
    }
}
