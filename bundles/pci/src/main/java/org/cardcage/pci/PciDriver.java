package org.cardcage.pci;

import java.util.Arrays;
import java.util.List;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.Module;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A driver of PCI devices (Linux {@code struct pci_driver}). Registering it as a service is {@code pci_register_driver};
 * unregistering it removes it from its devices first.
 *
 * <p>Threads: {@link #probe} and {@link #remove} run on a thread of the device, one at a time per device, several devices
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
}
