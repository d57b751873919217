package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.slf4j.Logger;

/** Probe and removal of one driver and one device, with all that has to be undone. Runs on the lane of the device. */
final class BindingActions {

    private final Kernel kernel;
    private final DeviceObjects objects;

    BindingActions(Kernel kernel, DeviceObjects objects) {
        this.kernel = kernel;
        this.objects = objects;
    }

    /** Whether the driver has taken the device. */
    boolean probe(Device device, Driver driver) {
        device.beginProbe(driver);
        boolean taken = false;
        try {
            driver.probe(device);
            taken = true;
            if (device.isCutOff()) {
                throw new KernelException(Errno.ENODEV, "the probe has ended too late; the driver had to leave");
            }
            device.setDriver(driver);
            device.setLastProbe(new ProbeOutcome(ProbeOutcome.Kind.BOUND, driver.name(), Optional.empty(), ""));
            objects.bound(device, driver);
            device.publishNodes();
            return true;
        } catch (Throwable t) { // a driver's fault is contained
            Errno errno = errnoOf(t, device, driver);
            if (taken) {
                unbind(device, driver);
            } else {
                release(device, driver);
            }
            device.setLastProbe(refused(device, driver, errno, t));
            return false;
        } finally {
            device.endProbe();
        }
    }

    private Errno errnoOf(Throwable t, Device device, Driver driver) {
        if (t instanceof KernelException e) {
            return e.errno();
        }
        kernel.oops(driver.module(), "probe of " + device.name(), t);
        return Errno.EIO;
    }

    private ProbeOutcome refused(Device device, Driver driver, Errno errno, Throwable why) {
        ProbeOutcome.Kind kind =
                switch (errno) {
                    case ENODEV, ENXIO -> ProbeOutcome.Kind.NOT_MINE;
                    case EPROBE_DEFER -> ProbeOutcome.Kind.DEFERRED;
                    default -> ProbeOutcome.Kind.FAILED;
                };
        if (kind == ProbeOutcome.Kind.FAILED) {
            log(driver).warn("probe of {} failed with error -{} ({})", device.name(), errno.number(), words(why));
        }
        return new ProbeOutcome(kind, driver.name(), Optional.of(errno), words(why));
    }

    /** An errno's message, or of a fault its class as well. */
    private static String words(Throwable why) {
        return why instanceof KernelException ? why.getMessage() : why.toString();
    }

    /** The removal order of the house: nodes, callers, the driver, the hardware, what is left. */
    void unbind(Device device, Driver driver) {
        device.removeNodes();
        remove(device, driver);
        release(device, driver);
        device.setDriver(null);
        objects.unbound(device, driver);
    }

    private void remove(Device device, Driver driver) {
        guarded("remove of " + device.name(), driver, () -> {
            try {
                driver.remove(device);
            } catch (KernelException e) {
                if (e.errno() != Errno.ENODEV || !device.isCutOff()) {
                    throw e;
                }
                log(driver).warn("remove of {} came too late for the hardware ({})", device.name(), e.getMessage());
            }
        });
    }

    /**
     * Makes the device useless to a driver that does not leave it: silent hardware, no interrupts, no mappings, no DMA. Runs
     * beside the hung driver and waits for nobody; what is taken is given back when the driver has left.
     */
    void cutOff(Device device, Driver driver) {
        device.resources().close();
        quiesce(device, driver);
        revoke(device, driver, Resources.Phase.INTERRUPTS);
        // as in a release
        quiesce(device, driver);
        revoke(device, driver, Resources.Phase.MEMORY);
    }

    private void revoke(Device device, Driver driver, Resources.Phase phase) {
        device.resources()
                .revokeAll(
                        phase,
                        (entry, fault) -> log(driver).error("{}: revoking {} failed", device.name(), entry, fault));
    }

    private void release(Device device, Driver driver) {
        device.removeNodes();
        device.cutOff().release();
        device.resources().close();
        quiesce(device, driver);
        release(device, driver, Resources.Phase.INTERRUPTS);
        // giving message vectors back may have handed the function its line again
        quiesce(device, driver);
        release(device, driver, Resources.Phase.MEMORY);
        device.setDrvdata(null);
    }

    private void quiesce(Device device, Driver driver) {
        guarded("the bus, silencing " + device.name(), driver, () -> driver.quiesce(device));
    }

    private void release(Device device, Driver driver, Resources.Phase phase) {
        List<Resources.Entry> forgotten = device.resources()
                .releaseAll(
                        phase,
                        (entry, fault) -> log(driver).error("{}: releasing {} failed", device.name(), entry, fault));
        forgotten.forEach(entry -> log(driver).warn("{}: the driver did not release: {}", device.name(), entry));
    }

    private interface Action {
        void run() throws Exception;
    }

    private void guarded(String where, Driver driver, Action action) {
        try {
            action.run();
        } catch (Throwable t) { // a driver's fault is contained
            kernel.oops(driver.module(), where, t);
        }
    }

    /** Names those that a removal still waits for, with their stacks. */
    void reportOverdue(Device device, Driver driver, Thread runner) {
        Set<Thread> inside = new LinkedHashSet<>(device.callers());
        inside.addAll(kernel.interrupts().handling(driver.module()));
        if (inside.isEmpty() && runner != null) {
            inside.add(runner);
        }
        Logger log = kernel.logger(device.toString());
        for (Thread thread : inside) {
            List<String> stack = new ArrayList<>();
            for (StackTraceElement frame : thread.getStackTrace()) {
                stack.add("        at " + frame);
            }
            log.error(
                    "thread \"{}\" does not leave the driver; the device stays unusable until it does\n{}",
                    thread.getName(),
                    String.join("\n", stack));
        }
    }

    private Logger log(Driver driver) {
        return kernel.logger(driver.name());
    }
}
