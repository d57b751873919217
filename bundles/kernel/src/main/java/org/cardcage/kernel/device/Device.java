package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardcage.kernel.CallGate;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.kobject.AttributeOwner;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.machine.Scheduler;
import org.slf4j.Logger;

/**
 * A device that a driver can be bound to (Linux {@code struct device}). Buses extend it with what they know.
 *
 * <p>Threads: any. {@code this} guards {@code nodes} and {@code leaving}; {@code driver}, {@code drvdata} and {@code gone} are volatile. The
 * binding is changed by the lane of the device alone.
 */
public abstract class Device {

    /** Nodes belong to root alone, as in Linux without udev rules. */
    private static final int NODE_MODE = 0600;

    private final Kernel kernel;
    private final String name;
    private final Resources resources = new Resources();
    private final CutOff cutOff;
    private final List<CharDevice> nodes = new ArrayList<>();
    private final List<DeviceTimer> timers = new CopyOnWriteArrayList<>();
    /** Whether the driver is on its way out, so that it gets no further nodes. */
    private boolean leaving;

    private volatile KObject object;
    private volatile Driver driver;
    private volatile Driver probing;
    private volatile Object drvdata;
    private volatile boolean gone;
    private volatile ProbeOutcome lastProbe = ProbeOutcome.NONE;

    /**
     * @param name unique on its bus, as in {@code 0000:00:04.0}
     */
    protected Device(Kernel kernel, String name) {
        this.kernel = kernel;
        this.name = name;
        this.cutOff = new CutOff(kernel.scheduler(), name);
    }

    /** The kernel that owns the device. */
    public final Kernel kernel() {
        return kernel;
    }

    /** The name on its bus. */
    public final String name() {
        return name;
    }

    /** The driver that has the device or is just being asked; for what is done in a probe. */
    protected final Optional<Driver> user() {
        Driver prober = probing;
        return Optional.ofNullable(prober != null ? prober : driver);
    }

    /** The driver bound to it; empty also while a probe is under way. */
    public final Optional<Driver> driver() {
        return Optional.ofNullable(driver);
    }

    /** How the last probe of the device ended. */
    public final ProbeOutcome lastProbe() {
        return lastProbe;
    }

    /** Whether the hardware has gone, or the device has been taken out of use; reads of it give all ones then. */
    public final boolean isGone() {
        return gone;
    }

    /**
     * Whether the hardware has been taken from a driver that has not left in time. Until it has left nothing can be done with
     * the device.
     */
    public final boolean isCutOff() {
        return cutOff.isCut();
    }

    final CutOff cutOff() {
        return cutOff;
    }

    /** What the driver has taken for this device. */
    public final Resources resources() {
        return resources;
    }

    /** A logger whose lines begin with driver and device, {@code edu 0000:00:04.0: …} (Linux {@code dev_info}). */
    public final Logger log() {
        return kernel.logger(prefix());
    }

    private String prefix() {
        return user().map(Driver::name).orElse(busName()) + " " + name;
    }

    /** Its directory in {@code /sys}. */
    public final KObject object() {
        return object;
    }

    final void setObject(KObject made) {
        object = made;
    }

    /** Where its directory in {@code /sys} is made; {@code /sys/devices/BUS} unless overridden. */
    protected KObject parentObject() {
        return kernel.objects().directory("devices/" + busName());
    }

    /** Shows what can be read and written in its directory; nothing unless overridden. */
    protected void showAttributes(KObject directory, AttributeOwner owner) {}

    /** What its uevents say besides the name of the driver, in this order; nothing unless overridden. */
    protected Map<String, String> ueventVariables() {
        return Map.of();
    }

    /** The name of the bus, as in {@code pci}. */
    public abstract String busName();

    /**
     * What drivers find it by, as in {@link Driver#matchKeys}; empty if each driver must be asked. Called under a lock, so it
     * must not call foreign code; it may change before {@link DriverCore#deviceChanged} only.
     */
    protected Optional<Object> matchKey() {
        return Optional.empty();
    }

    /** What the driver has attached (Linux {@code dev_get_drvdata}), or null. */
    @SuppressWarnings("unchecked")
    public final <T> T drvdata() {
        return (T) drvdata;
    }

    /** Attaches the driver's own state; the core drops it when the driver leaves. */
    public final void setDrvdata(Object data) {
        drvdata = data;
    }

    /**
     * Makes a node in {@code /dev}. During a probe it appears when the probe has succeeded; it goes when the driver leaves (Linux {@code cdev_add} and {@code device_create}).
     *
     * @param nameFormat of the node below {@code /dev}, with {@code %d} for the lowest free number, as in {@code edu%d}
     * @param alias a link to the first node with this alias
     * @param operations what the node does
     * @throws KernelException EBUSY if no major number is free, EEXIST if the name is taken, ENODEV without a driver
     *     or when it is leaving
     */
    public final CharDevice createCharDevice(String nameFormat, Optional<String> alias, NodeOperations operations) {
        Driver prober = probing;
        Driver owner = prober != null ? prober : driver;
        if (owner == null) {
            throw new KernelException(Errno.ENODEV, name + " has no driver that could own /dev/" + nameFormat);
        }
        CharDevice node = kernel.charDevices()
                .reserveNext(
                        nameFormat,
                        nodeName -> new CharDeviceSpec(
                                nodeName,
                                CharDevices.className(nameFormat),
                                NODE_MODE,
                                alias,
                                Optional.of(this),
                                Optional.of(owner.module()),
                                operations));
        boolean late;
        synchronized (this) {
            late = leaving;
            if (!late) {
                nodes.add(node);
            }
        }
        if (late) {
            kernel.charDevices().remove(node, Scheduler.NEVER);
            throw new KernelException(Errno.ENODEV, "the driver is leaving " + name);
        }
        if (prober == null) {
            kernel.charDevices().publish(node);
        }
        return node;
    }

    /** The probe has succeeded: the nodes made in it appear. */
    final void publishNodes() {
        nodes().forEach(kernel.charDevices()::publish);
    }

    /** The nodes of this device. */
    public final synchronized List<CharDevice> nodes() {
        return new ArrayList<>(nodes);
    }

    /**
     * Makes a timer for the driver, which goes with it (Linux {@code timer_setup}). It is not started.
     *
     * @param timerName for reports and the name of its thread
     * @param action what to do when it is due; may sleep
     * @throws KernelException ENODEV without a driver
     */
    public final DeviceTimer createTimer(String timerName, Runnable action) {
        Driver owner = user().orElseThrow(() ->
                new KernelException(Errno.ENODEV, name + " has no driver that could own the timer " + timerName));
        DeviceTimer timer = new DeviceTimer(kernel, owner.module(), name, timerName, action);
        timers.add(timer);
        resources.manage(Resources.Phase.INTERRUPTS, "timer " + timerName, timer::revoke, () -> {
            timer.end();
            timers.remove(timer);
        });
        return timer;
    }

    /** The threads that are inside a call on one of the nodes, or in the action of a timer. */
    final List<Thread> callers() {
        List<Thread> inside = new ArrayList<>();
        nodes().stream().map(CharDevice::gate).map(CallGate::callers).forEach(inside::addAll);
        timers.stream().map(DeviceTimer::runner).filter(Objects::nonNull).forEach(inside::add);
        return inside;
    }

    /** Steps 1 and 2 of a removal: first all nodes go and their callers are woken, then all callers are waited for. */
    final void removeNodes() {
        List<CharDevice> all;
        synchronized (this) {
            leaving = true;
            all = new ArrayList<>(nodes);
        }
        all.forEach(kernel.charDevices()::hide);
        all.forEach(node -> kernel.charDevices().remove(node, Scheduler.NEVER));
        synchronized (this) {
            nodes.clear();
        }
    }

    /** A driver is being asked; whatever it takes from now on is written down. */
    final void beginProbe(Driver candidate) {
        synchronized (this) {
            leaving = false;
        }
        resources.open();
        cutOff.hold();
        probing = candidate;
    }

    /** The driver has answered. */
    final void endProbe() {
        probing = null;
    }

    final void setDriver(Driver bound) {
        driver = bound;
    }

    final void setLastProbe(ProbeOutcome outcome) {
        lastProbe = outcome;
    }

    final void setGone() {
        gone = true;
    }

    @Override
    public final String toString() {
        return busName() + " " + name;
    }
}
