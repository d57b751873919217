package org.cardcage.pci;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.Module;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A driver of PCI devices (Linux {@code struct pci_driver}). Registering it as a service is {@code pci_register_driver};
 * unregistering it removes it from its devices first.
 *
 * <p>Threads: {@link #probe}, {@link #remove} and those for power run on a thread of the device, one at a time per device, several devices
 * at once. The id table is asked for once.
 */
@ConsumerType
public interface PciDriver {

    /** Name of the driver, as {@code lspci -k} shows it; that of the module unless overridden. */
    default String name() {
        Module module = getClass().getAnnotation(Module.class);
        return module != null ? module.name() : getClass().getSimpleName();
    }

    /** The devices it is for, in the order in which entries are tried; the {@link PciId} annotations unless overridden. */
    default List<PciDeviceId> idTable() {
        return Arrays.stream(getClass().getAnnotationsByType(PciId.class))
                .map(PciDeviceId::of)
                .toList();
    }

    /**
     * Takes the device. What it has taken from {@code dev} is given back by the core if it throws.
     *
     * @param id the entry that matched
     * @throws KernelException ENODEV or ENXIO: not mine, said quietly; any other: failed, said in the kernel log
     */
    void probe(PciDevice dev, PciDeviceId id) throws Exception;

    /**
     * Leaves the device. Its nodes are gone and nobody is inside a call; the hardware still answers, with all ones if it
     * has been pulled. Afterwards the core takes back what the driver still has of {@code dev}.
     */
    void remove(PciDevice dev) throws Exception;

    /**
     * The machine goes to sleep: the device must be quiet when this returns. Afterwards the core saves the state of the
     * device, unless the driver has, and takes power from it. Devices behind a bridge come before the bridge.
     *
     * @throws KernelException the machine stays awake; those asleep already are woken
     */
    default void suspend(PciDevice dev) throws Exception {}

    /** The machine is awake again; the device has power and its state is as it was saved. */
    default void resume(PciDevice dev) throws Exception {}

    /** The machine is about to be switched off or restarted: no DMA and no interrupts after this. */
    default void shutdown(PciDevice dev) throws Exception {}

    /** What to do after errors; without handlers the device is given up after the first one that needs some. */
    default Optional<PciErrorHandlers> errorHandlers() {
        return Optional.empty();
    }
}
