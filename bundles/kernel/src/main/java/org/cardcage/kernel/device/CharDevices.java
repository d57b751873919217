package org.cardcage.kernel.device;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.machine.Scheduler;

/**
 * The major and minor numbers of the kernel and the devices behind them (Linux {@code fs/char_dev.c}).
 *
 * <p>Threads: any. {@code this} guards the tables; listeners are called without it, on the thread that adds or removes.
 */
public final class CharDevices {

    /** Hears of devices that come and go; the one that makes nodes in {@code /dev}. */
    public interface Listener {
        /** The device is complete; its node shall appear. */
        void added(CharDevice device);

        /** Its node shall disappear; the device still works for those who have it open. */
        void removed(CharDevice device);
    }

    private static final int DYNAMIC_FIRST = 254;
    private static final int DYNAMIC_LAST = 234;
    private static final int DYNAMIC_EXTENDED_FIRST = 511;
    private static final int DYNAMIC_EXTENDED_LAST = 384;

    private final Scheduler scheduler;
    private final SortedMap<Integer, String> regions = new TreeMap<>();
    private final Map<String, Integer> classes = new HashMap<>();
    private final Map<Long, CharDevice> devices = new HashMap<>();
    private final Set<CharDevice> published = new HashSet<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    public CharDevices(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Takes a major number of the dynamic range (Linux {@code alloc_chrdev_region}).
     *
     * @param name as shown in {@code /proc/devices}
     * @throws KernelException EBUSY if none is free
     */
    public synchronized int registerRegion(String name) {
        Optional<Integer> free = freeMajor(DYNAMIC_FIRST, DYNAMIC_LAST)
                .or(() -> freeMajor(DYNAMIC_EXTENDED_FIRST, DYNAMIC_EXTENDED_LAST));
        int major = free.orElseThrow(() -> new KernelException(Errno.EBUSY, "no major number is free for " + name));
        regions.put(major, name);
        return major;
    }

    private Optional<Integer> freeMajor(int first, int last) {
        for (int major = first; major >= last; major--) {
            if (!regions.containsKey(major)) {
                return Optional.of(major);
            }
        }
        return Optional.empty();
    }

    /**
     * Takes a fixed major number (Linux {@code register_chrdev_region}).
     *
     * @throws KernelException EBUSY if it is taken
     */
    public synchronized void registerRegion(int major, String name) {
        String owner = regions.putIfAbsent(major, name);
        if (owner != null) {
            throw new KernelException(Errno.EBUSY, "major " + major + " belongs to " + owner);
        }
    }

    /** Gives a major number back (Linux {@code unregister_chrdev_region}). */
    public synchronized void unregisterRegion(int major) {
        regions.remove(major);
    }

    /** Major numbers in use with their names, ascending. */
    public synchronized SortedMap<Integer, String> regions() {
        return new TreeMap<>(regions);
    }

    /**
     * Adds a device and has its node made (Linux {@code cdev_add} and {@code device_create}).
     *
     * @throws KernelException EBUSY if the numbers are taken, EEXIST if the name is
     */
    public CharDevice add(int major, int minor, CharDeviceSpec spec) {
        CharDevice device = reserve(major, minor, spec);
        publish(device);
        return device;
    }

    /**
     * Takes the next free number of a class of devices, whose major number exists as long as one of its devices does.
     *
     * @param nameFormat with {@code %d} for the number, as in {@code edu%d}
     * @param named makes the description from the name
     */
    CharDevice reserveNext(String nameFormat, Function<String, CharDeviceSpec> named) {
        String className = className(nameFormat);
        boolean numbered = !className.equals(nameFormat);
        synchronized (this) {
            Integer present = classes.get(className);
            int major = present != null ? present : registerRegion(className);
            classes.put(className, major);
            try {
                int minor = 0;
                while (devices.containsKey(key(major, minor))
                        || numbered && isTaken(String.format(nameFormat, minor))) {
                    minor++;
                }
                return reserve(major, minor, named.apply(String.format(nameFormat, minor)));
            } finally {
                dropEmptyClass(major);
            }
        }
    }

    /** The class of the devices that are named so: without the number. */
    static String className(String nameFormat) {
        return nameFormat.replace("%d", "");
    }

    /** Caller holds {@code this}. */
    private boolean isTaken(String name) {
        return devices.values().stream().anyMatch(d -> d.name().equals(name));
    }

    /** Caller holds {@code this}. */
    private void dropEmptyClass(int major) {
        boolean used = devices.values().stream().anyMatch(d -> d.major() == major);
        if (!used && classes.values().remove(major)) {
            regions.remove(major);
        }
    }

    /** Takes numbers and name for a device whose node follows with {@link #publish}; errors as {@link #add}. */
    private CharDevice reserve(int major, int minor, CharDeviceSpec spec) {
        CharDevice device = new CharDevice(spec, major, minor, scheduler);
        synchronized (this) {
            if (isTaken(spec.name())) {
                throw new KernelException(Errno.EEXIST, "/dev/" + spec.name() + " exists");
            }
            CharDevice present = devices.putIfAbsent(key(major, minor), device);
            if (present != null) {
                throw new KernelException(
                        Errno.EBUSY, "character device " + major + ":" + minor + " belongs to /dev/" + present.name());
            }
        }
        return device;
    }

    /** Has the node made, unless the device has been removed since. */
    void publish(CharDevice device) {
        synchronized (this) {
            if (devices.get(key(device.major(), device.minor())) != device) {
                return;
            }
            published.add(device);
        }
        listeners.forEach(listener -> listener.added(device));
        if (!isPublished(device)) {
            listeners.forEach(listener -> listener.removed(device));
        }
    }

    private synchronized boolean isPublished(CharDevice device) {
        return published.contains(device);
    }

    /**
     * Takes a device away: its node and numbers, then its callers are woken with ENODEV and waited for, then its open
     * files are told. A second call for the same device changes nothing.
     *
     * @param deadline in the time of the scheduler; how long to wait for callers
     * @return the threads that were still inside at the deadline; the open files have not been told then
     */
    public List<Thread> remove(CharDevice device, long deadline) {
        hide(device);
        return device.drain(deadline);
    }

    /** The first half of {@link #remove}: no node, no numbers, no further calls; those inside are woken. */
    void hide(CharDevice device) {
        boolean shown;
        synchronized (this) {
            devices.remove(key(device.major(), device.minor()), device);
            dropEmptyClass(device.major());
            shown = published.remove(device);
        }
        if (shown) {
            listeners.forEach(listener -> listener.removed(device));
        }
        device.shut();
    }

    /** The device with these numbers, once it has its node. */
    public synchronized Optional<CharDevice> find(int major, int minor) {
        return Optional.ofNullable(devices.get(key(major, minor))).filter(published::contains);
    }

    /** All devices that have a node, by number. */
    public synchronized List<CharDevice> devices() {
        List<CharDevice> all = new ArrayList<>(published);
        all.sort(Comparator.comparingInt(CharDevice::major).thenComparingInt(CharDevice::minor));
        return all;
    }

    /** From now on {@code listener} hears of devices; it is told of those present before the return. */
    public void addListener(Listener listener) {
        listeners.add(listener);
        devices().forEach(listener::added);
    }

    public void removeListener(Listener listener) {
        listeners.remove(listener);
    }

    private static long key(int major, int minor) {
        return (long) major << 32 | minor & 0xffff_ffffL;
    }
}
