package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cardcage.kernel.CallGate;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.Scheduler;

/**
 * A character device: the numbers, name and operations behind a node in {@code /dev} (Linux {@code struct cdev} and its
 * class device).
 *
 * <p>Threads: any. {@code this} guards {@code users} and {@code dead}; operations are called through {@link #gate}.
 */
public final class CharDevice {

    /** An open file of this device. */
    public interface User {
        /** The device is about to go: calls are refused from now on, some may still be inside. Must be quick. */
        default void deviceLeaving() {}

        /** The device is going: everybody has left the operations and none is called after the return. */
        void deviceGone();
    }

    private final String name;
    private final String deviceClass;
    private final int major;
    private final int minor;
    private final int mode;
    private final Optional<String> alias;
    private final Optional<Device> parent;
    private final Optional<KernelModule> module;
    private volatile NodeOperations operations;
    private final CallGate gate;
    private final Set<User> users = new LinkedHashSet<>();
    private boolean dead;

    CharDevice(CharDeviceSpec spec, int major, int minor, Scheduler scheduler) {
        this.name = spec.name();
        this.deviceClass = spec.deviceClass();
        this.major = major;
        this.minor = minor;
        this.mode = spec.mode();
        this.alias = spec.alias();
        this.parent = spec.parent();
        this.module = spec.module();
        this.operations = spec.operations();
        this.gate = new CallGate(scheduler, "/dev/" + name);
    }

    /** Name of the node below {@code /dev}. */
    public String name() {
        return name;
    }

    /** Its class, the directory below {@code /sys/class}. */
    public String deviceClass() {
        return deviceClass;
    }

    public int major() {
        return major;
    }

    public int minor() {
        return minor;
    }

    /** Permission bits of the node, as in 0600. */
    public int mode() {
        return mode;
    }

    /** Name of a link below {@code /dev} that leads to the first device with this alias. */
    public Optional<String> alias() {
        return alias;
    }

    /** The device whose driver made the node; none for the kernel's own. */
    public Optional<Device> parent() {
        return parent;
    }

    /** The module whose code the operations are; none for the kernel's own. */
    public Optional<KernelModule> module() {
        return module;
    }

    /** What the node does; null once the driver has left. */
    public NodeOperations operations() {
        return operations;
    }

    /** Each call of an operation goes through this gate. */
    public CallGate gate() {
        return gate;
    }

    /**
     * A file of this device is being opened; the module stays until {@link #closed}.
     *
     * @throws KernelException ENXIO if the device or its module is going (Linux {@code chrdev_open})
     */
    public void opened(User user) {
        synchronized (this) {
            if (!dead && (module.isEmpty() || module.get().tryGet())) {
                users.add(user);
                return;
            }
        }
        throw new KernelException(Errno.ENXIO, "/dev/" + name + " is going away");
    }

    /** The file is closed; nothing happens if the device has gone before. */
    public void closed(User user) {
        synchronized (this) {
            if (!users.remove(user)) {
                return;
            }
        }
        module.ifPresent(KernelModule::put);
    }

    /** Number of open files. */
    public synchronized int openFiles() {
        return users.size();
    }

    /** Steps 1 and 2 of a removal: no opens, no calls, everybody inside is woken with ENODEV. */
    void shut() {
        List<User> told;
        synchronized (this) {
            dead = true;
            told = new ArrayList<>(users);
        }
        gate.shut(Errno.ENODEV);
        told.forEach(User::deviceLeaving);
    }

    /**
     * Waits until those inside have left, then tells the open files.
     *
     * @return the threads that are still inside at {@code deadline}
     */
    List<Thread> drain(long deadline) {
        if (!gate.drain(deadline)) {
            return gate.callers();
        }
        List<User> left;
        synchronized (this) {
            left = new ArrayList<>(users);
        }
        left.forEach(User::deviceGone);
        left.forEach(this::closed);
        operations = null; // whoever still holds this object must not keep the driver's code
        return List.of();
    }
}
