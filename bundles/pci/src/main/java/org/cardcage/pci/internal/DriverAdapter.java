package org.cardcage.pci.internal;

import java.util.Optional;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Device;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kernel.kobject.AttributeGroup;
import org.cardcage.kernel.kobject.AttributeOwner;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.PciErrorHandlers;

/**
 * A PCI driver as the driver core sees it. Name, id table and error handlers are asked for once, so that matching calls nobody.
 *
 * <p>Threads: any; {@code ids} is replaced as a whole, by one thread at a time.
 */
final class DriverAdapter implements Driver {

    private final PciDriver driver;
    private final KernelModule module;
    private final String name;
    private final Optional<PciErrorHandlers> errorHandlers;
    private final AttributeGroup<DriverAdapter> files;
    private volatile IdTable ids;

    /** @param files what it shows in {@code /sys} */
    DriverAdapter(PciDriver driver, KernelModule module, AttributeGroup<DriverAdapter> files) {
        this.files = files;
        this.driver = driver;
        this.module = module;
        this.name = driver.name();
        this.errorHandlers = driver.errorHandlers();
        this.ids = new IdTable(driver.idTable());
    }

    Optional<PciErrorHandlers> errorHandlers() {
        return errorHandlers;
    }

    PciDriver driver() {
        return driver;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String busName() {
        return "pci";
    }

    @Override
    public void showAttributes(KObject object, AttributeOwner owner) {
        object.show(this, files, owner);
    }

    @Override
    public KernelModule module() {
        return module;
    }

    @Override
    public boolean matches(Device device) {
        return device instanceof PciDevice pci && match(pci).isPresent();
    }

    private Optional<PciDeviceId> match(PciDevice device) {
        Optional<String> override = device.driverOverride();
        if (override.isPresent() && !override.get().equals(name)) {
            return Optional.empty();
        }
        Optional<PciDeviceId> match = ids.match(device);
        return override.isPresent() ? match.or(() -> Optional.of(PciDeviceId.ofClass(0, 0))) : match;
    }

    @Override
    public Optional<Set<?>> matchKeys() {
        return ids.keys();
    }

    /** The driver core must be told afterwards. */
    synchronized void add(PciDeviceId id) {
        if (ids.covers(id)) {
            throw new KernelException(Errno.EEXIST, name + " has an entry for these ids already");
        }
        if (!ids.knows(id.driverData())) {
            throw new KernelException(Errno.EINVAL, name + " has no entry with the driver data " + id.driverData());
        }
        ids = ids.with(id);
    }

    /** The driver core must be told afterwards. */
    synchronized void remove(PciDeviceId id) {
        ids = ids.without(id)
                .orElseThrow(() -> new KernelException(Errno.ENODEV, "no such entry has been added to " + name));
    }

    @Override
    public void probe(Device device) throws Exception {
        PciDevice pci = (PciDevice) device;
        PciDeviceId matched =
                match(pci).orElseThrow(() -> new KernelException(Errno.ENODEV, name + " has no entry for it any more"));
        driver.probe(pci, matched);
    }

    @Override
    public void remove(Device device) throws Exception {
        driver.remove((PciDevice) device);
    }

    @Override
    public void quiesce(Device device) {
        ((PciFunction) device).quiesce();
    }
}
