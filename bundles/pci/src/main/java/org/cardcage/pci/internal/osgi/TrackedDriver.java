package org.cardcage.pci.internal.osgi;

import java.util.function.Supplier;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.WaitQueue;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.Lane;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDriver;

/**
 * One driver service on its way through registration. Its lane makes the driver object (foreign code), registers it and
 * waits for its probes; whoever loads the module waits for that through {@link
 * org.cardcage.kernel.module.Modules#awaitInit}.
 *
 * <p>Threads: the framework's for arrival and departure; {@code this} guards the fields.
 */
final class TrackedDriver {

    private final Kernel kernel;
    private final PciBus bus;
    private final KernelModule module;
    private final Supplier<PciDriver> service;
    private final Runnable afterwards;
    private final Lane lane;
    private final CancelToken probes = new CancelToken();
    private final WaitQueue departed;
    private PciBus.Registration registration;
    private boolean leaving;
    /** Until when whoever waits for the departure does so. */
    private long deadline;

    private boolean left;

    /**
     * @param service makes the driver
     * @param afterwards run once the driver has left
     */
    TrackedDriver(Kernel kernel, PciBus bus, KernelModule module, Supplier<PciDriver> service, Runnable afterwards) {
        this.kernel = kernel;
        this.bus = bus;
        this.module = module;
        this.service = service;
        this.afterwards = afterwards;
        this.lane = kernel.scheduler().lane("driver/" + module.name());
        this.departed = new WaitQueue(kernel.scheduler(), "driver " + module.name() + " to leave");
    }

    void arrive() {
        kernel.modules().beginInit(module);
        lane.execute(this::register);
    }

    private void register() {
        KernelException failure = null;
        try {
            if (!isLeaving()) {
                registerAndProbe();
            }
        } catch (Throwable t) { // the driver's constructor and id table are foreign code
            failure = isLeaving() ? null : contained(t);
        } finally {
            kernel.modules().endInit(module, failure);
        }
    }

    private void registerAndProbe() {
        PciDriver driver = kernel.modules().initialise(module, service);
        if (driver == null) {
            throw new KernelException(Errno.EIO, "the driver could not be made");
        }
        PciBus.Registration made = bus.register(driver, module);
        synchronized (this) {
            registration = made;
        }
        made.awaitProbes(probes);
    }

    private KernelException contained(Throwable t) {
        if (t instanceof KernelException e) {
            return e;
        }
        kernel.oops(module, "registration of the driver", t);
        return new KernelException(Errno.EIO, "registration of the driver failed: " + t, t);
    }

    private synchronized boolean isLeaving() {
        return leaving;
    }

    /** The service goes, or is about to. Does not wait; only the first call counts. */
    void beginToLeave() {
        synchronized (this) {
            if (leaving) {
                return;
            }
            leaving = true;
            deadline = kernel.nanoTime() + kernel.removeTimeout() + kernel.removeTimeout() / 5;
        }
        probes.cancel(Errno.ECANCELED);
        lane.execute(this::unregister);
        lane.close();
    }

    /**
     * The service goes. Waits until the driver has left its devices, but not much longer than the kernel's time-out for
     * removals after it had to, and not at all if the calling thread is inside the driver.
     */
    void leave() {
        boolean inside = lane.runner() == Thread.currentThread() || isInsideDriver(Thread.currentThread());
        beginToLeave();
        long until;
        synchronized (this) {
            until = deadline;
        }
        if (!inside) {
            departed.awaitUninterruptibly(until, this::hasLeft);
        }
    }

    /** A probe may run before its driver's registration is known here, so the driver core is asked by module. */
    private boolean isInsideDriver(Thread thread) {
        return kernel.drivers().driversOf(module).stream()
                .anyMatch(driver -> kernel.drivers().isInside(driver, thread));
    }

    private synchronized boolean hasLeft() {
        return left;
    }

    private void unregister() {
        PciBus.Registration made;
        synchronized (this) {
            made = registration;
        }
        try {
            if (made == null) {
                afterwards.run();
            } else {
                made.unregister();
                made.whenLeft(afterwards);
            }
        } finally {
            synchronized (this) {
                left = true;
            }
            departed.wakeUp();
        }
    }
}
