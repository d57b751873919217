package org.cardcage.kernel;

import org.cardcage.kernel.device.CharDevices;
import org.cardcage.kernel.device.DriverCore;
import org.cardcage.kernel.irq.Interrupts;
import org.cardcage.kernel.kobject.KObjects;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.kernel.module.Modules;
import org.cardcage.kernel.proc.ProcEntries;
import org.cardcage.kernel.resource.AddressSpaces;
import org.cardcage.log.KernelLog;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SleepsForEverException;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * One kernel: the parts that everything else hangs on. Several may live side by side in one JVM.
 *
 * <p>Threads: any.
 */
public final class Kernel implements AutoCloseable {

    /** How long a removal waits unless told otherwise, in nanoseconds. */
    public static final long DEFAULT_REMOVE_TIMEOUT = 10_000_000_000L;

    private final KernelLog log;
    private final Scheduler scheduler;
    private final ProcEntries proc = new ProcEntries();
    private final KObjects objects;
    private final AddressSpaces addressSpaces = new AddressSpaces();
    private final Modules modules;
    private final CharDevices charDevices;
    private final Interrupts interrupts;
    private final DriverCore drivers;
    private volatile long removeTimeout;

    /** A kernel whose removals wait for {@link #DEFAULT_REMOVE_TIMEOUT}. */
    public Kernel(KernelLog log, Scheduler scheduler) {
        this(log, scheduler, DEFAULT_REMOVE_TIMEOUT);
    }

    /**
     * @param log where it writes
     * @param scheduler its time, which must be that of its machines
     * @param removeTimeout see {@link #removeTimeout}
     */
    public Kernel(KernelLog log, Scheduler scheduler, long removeTimeout) {
        this.log = log;
        this.scheduler = scheduler;
        this.removeTimeout = removeTimeout;
        objects = new KObjects(fault -> logger("kernel").error("a listener of events has failed", fault));
        modules = new Modules(scheduler);
        charDevices = new CharDevices(scheduler);
        interrupts = new Interrupts(this);
        drivers = new DriverCore(this);
        proc.add("interrupts", interrupts::describe);
        proc.add("iomem", addressSpaces::describeMemory);
        proc.add("ioports", addressSpaces::describePorts);
    }

    /** The ring that {@code dmesg} prints. */
    public KernelLog log() {
        return log;
    }

    /** A logger whose lines go to the ring and begin with {@code prefix} and a colon. */
    public Logger logger(String prefix) {
        return log.logger(prefix);
    }

    /** Time and threads. */
    public Scheduler scheduler() {
        return scheduler;
    }

    /**
     * How long whoever asks for the removal of a driver waits for those who are still inside it before they are reported and
     * left behind, in nanoseconds.
     */
    public long removeTimeout() {
        return removeTimeout;
    }

    /** Changes {@link #removeTimeout} for removals that begin from now on. */
    public void setRemoveTimeout(long nanos) {
        removeTimeout = nanos;
    }

    /** Now, in nanoseconds from an arbitrary origin; deadlines are in this time. */
    public long nanoTime() {
        return scheduler.nanoTime();
    }

    /** Devices and the drivers bound to them. */
    public DriverCore drivers() {
        return drivers;
    }

    /** Loaded modules. */
    public Modules modules() {
        return modules;
    }

    /** Character devices and their numbers. */
    public CharDevices charDevices() {
        return charDevices;
    }

    /** Interrupts and their handlers. */
    public Interrupts interrupts() {
        return interrupts;
    }

    /** Who has which addresses of the machines. */
    public AddressSpaces addressSpaces() {
        return addressSpaces;
    }

    /** The entries of {@code /proc}. */
    public ProcEntries proc() {
        return proc;
    }

    /** The objects that {@code /sys} shows. */
    public KObjects objects() {
        return objects;
    }

    /**
     * A fault of foreign code is contained: it is logged with its stack and the module is tainted.
     *
     * @param module whose code it was
     * @param where what the code was doing, as in {@code read of /dev/edu0}
     * @throws SleepsForEverException if that is the fault: it is not the module's, and a test must see it
     */
    public void oops(KernelModule module, String where, Throwable fault) {
        if (fault instanceof SleepsForEverException e) {
            throw e;
        }
        module.taint();
        log.emit(Level.ERROR, "Oops: " + where + " in module " + module.name());
        logger(module.name()).error("the fault", fault);
    }

    /** Removes all drivers and ends all threads of the kernel. */
    @Override
    public void close() {
        drivers.close();
        interrupts.close();
    }
}
