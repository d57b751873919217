package org.cardcage.pci;

import java.util.List;
import java.util.Optional;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The PCI buses of a kernel (Linux {@code pci_bus_type}).
 *
 * <p>Threads: any.
 */
@ProviderType
public interface PciBus {

    /** A driver that is registered. */
    @ProviderType
    interface Registration {

        /**
         * Waits until the probes that the registration has caused have ended.
         *
         * @throws org.cardcage.kernel.KernelException EINTR on interrupt, or the token's errno
         */
        void awaitProbes(CancelToken cancel);

        /**
         * Removes the driver from its devices (Linux {@code pci_unregister_driver}); waits for that, but no longer than the
         * kernel's time-out for removals, and not at all if the calling thread is inside the driver.
         *
         * @return whether the driver has left all its devices
         */
        boolean unregister();

        /** Calls {@code action} once when the driver has left all its devices, perhaps on the calling thread. */
        void whenLeft(Runnable action);
    }

    /** Takes a machine into use: its functions are found by configuration cycles and become devices. */
    void addMachine(Machine machine);

    /** The functions of the machine are gone. */
    void removeMachine(Machine machine);

    /**
     * A driver offers itself (Linux {@code pci_register_driver}). Does not wait for probes.
     *
     * @param module whose code it is
     * @throws org.cardcage.kernel.KernelException EBUSY if a driver of this name is registered
     */
    Registration register(PciDriver driver, KernelModule module);

    /**
     * Has a driver probe a device (Linux's file {@code bind} of a driver); waits for the end of the probe.
     *
     * @param driver its name
     * @throws org.cardcage.kernel.KernelException ENODEV if there is no such driver, the device is gone or not in the driver's
     *     id table, EBUSY if the device has a driver, EINTR on interrupt, the token's errno, or that of the probe
     */
    void bind(PciDevice device, String driver, CancelToken cancel);

    /**
     * Takes a device from its driver (Linux's file {@code unbind} of a driver), which cannot be refused: open files answer
     * ENODEV afterwards. The device stays without driver until a new one arrives or {@link #bind} is called.
     *
     * @param driver its name
     * @throws org.cardcage.kernel.KernelException ENODEV if the device is not with that driver, EDEADLK if the calling thread
     *     is inside a call on the device, EBUSY if a thread does not leave the driver within the kernel's time-out for
     *     removals (the device is unbound once it does)
     */
    void unbind(PciDevice device, String driver);

    /**
     * Tries the drivers that match a device without one, even those that have refused it (Linux's file {@code
     * drivers_probe}); waits for the end of the probes. It is no error if none takes it; see {@link
     * PciDevice#lastProbe}.
     *
     * @throws org.cardcage.kernel.KernelException ENODEV if the device is gone, EINTR on interrupt, or the token's errno
     */
    void probe(PciDevice device, CancelToken cancel);

    /**
     * Adds an entry to the id table of a driver, before its own (Linux's file {@code new_id} of a driver), and has it probe
     * what matches now; waits for the end of the probes.
     *
     * @param driver its name
     * @throws org.cardcage.kernel.KernelException ENODEV if there is no such driver, EEXIST if its table has such ids already,
     *     EINVAL if none of its own entries has the same driver data, EINTR on interrupt, or the token's errno
     */
    void addId(String driver, PciDeviceId id, CancelToken cancel);

    /**
     * Takes an entry away that {@link #addId} has added (Linux's file {@code remove_id} of a driver). Devices stay with the
     * driver.
     *
     * @param driver its name
     * @param id which one, as {@link PciDeviceId#means} tells; of several the first
     * @throws org.cardcage.kernel.KernelException ENODEV if there is no such driver or no such entry was added
     */
    void removeId(String driver, PciDeviceId id);

    /**
     * Takes a device and all behind it out of use (Linux's file {@code remove} of a device): drivers leave it, then it is
     * forgotten, although it still sits there. {@link #rescan} finds it again.
     *
     * @throws org.cardcage.kernel.KernelException ENODEV if the device is gone, EDEADLK if the calling thread is inside a call
     *     on it, EBUSY if a thread does not leave a driver within the kernel's time-out for removals (the device is gone once
     *     it does)
     */
    void remove(PciDevice device);

    /**
     * Looks for functions that are not known yet, on all machines (Linux's file {@code rescan}); waits for the end of their
     * probes.
     *
     * @throws org.cardcage.kernel.KernelException EINTR on interrupt, or the token's errno
     */
    void rescan(CancelToken cancel);

    /**
     * Puts the devices to sleep, those behind a bridge before the bridge (Linux {@code dpm_suspend}); until {@link #resume} no
     * driver is asked to take a device.
     *
     * @throws org.cardcage.kernel.KernelException EBUSY if they sleep already or {@link #resume} was
     *     called before all of them slept, EINTR on interrupt, the token's errno, or that of
     *     the driver that refuses; all are awake again then, or will be once their drivers have come to an end
     */
    void suspend(CancelToken cancel);

    /**
     * Wakes them, a bridge before what is behind it; does nothing if they are awake (Linux {@code dpm_resume}). While they are
     * still falling asleep it only has {@link #suspend} give up. Who cannot be woken is named in the kernel log.
     */
    void resume(CancelToken cancel);

    /**
     * Has the drivers quiet their devices before the machine is switched off, those behind a bridge before the bridge (Linux
     * {@code device_shutdown}). From then on no driver is asked to take a device. A device that is being probed or left just
     * then is passed over. The end of the framework begins with this.
     *
     * @throws org.cardcage.kernel.KernelException EINTR on interrupt, or the token's errno; those not told
     *     by then are told all the same, and not waited for
     */
    void shutdown(CancelToken cancel);

    /** All devices, by address. */
    List<PciDevice> devices();

    /** The device at this place. */
    Optional<PciDevice> device(FunctionAddress address);
}
