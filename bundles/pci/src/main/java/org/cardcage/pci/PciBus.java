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

        /** Whether {@code thread} is inside a call of the driver. */
        boolean isInside(Thread thread);
    }

    /** Takes a machine into use: its functions are found by configuration cycles and become devices. */
    void addMachine(Machine machine);

    /** The functions of the machine are gone. */
    void removeMachine(Machine machine);

    /**
     * A driver offers itself (Linux {@code pci_register_driver}). Does not wait for probes.
     *
     * @param module whose code it is
     */
    Registration register(PciDriver driver, KernelModule module);

    /** All devices, by address. */
    List<PciDevice> devices();

    /** The device at this place. */
    Optional<PciDevice> device(FunctionAddress address);
}
