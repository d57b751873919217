package org.cardcage.pci.internal;

import java.util.List;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.kobject.AttributeGroup;
import org.cardcage.kernel.kobject.AttributeOwner;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.kernel.kobject.TextAttribute;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;

/**
 * The files of {@code /sys/bus/pci} and of each driver below it (Linux {@code drivers/base/bus.c} and {@code
 * drivers/pci/pci-driver.c}).
 *
 * <p>Threads: those of writers.
 */
final class BusFiles {

    private final PciBus bus;
    private final AttributeGroup<DriverAdapter> ofDriver = new AttributeGroup<>(List.of(
            TextAttribute.writeOnly("bind", this::bind),
            TextAttribute.writeOnly("unbind", (driver, text, cancel) -> unbind(driver, text)),
            TextAttribute.writeOnly("new_id", this::addId),
            TextAttribute.writeOnly("remove_id", (driver, text, cancel) -> removeId(driver, text)),
            TextAttribute.writeOnly("uevent", (driver, text, cancel) -> {})));
    private final AttributeGroup<PciBus> ofBus = new AttributeGroup<>(List.of(
            TextAttribute.writeOnly("rescan", (b, text, cancel) -> rescan(text, cancel)),
            TextAttribute.writeOnly("drivers_probe", (b, text, cancel) -> probe(text, cancel)),
            TextAttribute.writeOnly("uevent", (b, text, cancel) -> {})));

    BusFiles(PciBus bus) {
        this.bus = bus;
    }

    /** Shows the files of the bus. */
    Runnable show(Kernel kernel) {
        KObject object = kernel.objects().directory("bus/pci");
        object.addIfAbsent("devices");
        object.addIfAbsent("drivers");
        return object.show(bus, ofBus, new AttributeOwner(kernel, new KernelModule("pci")));
    }

    AttributeGroup<DriverAdapter> ofDriver() {
        return ofDriver;
    }

    private void rescan(String text, CancelToken cancel) {
        if (FunctionAttributes.isSet(text)) {
            bus.rescan(cancel);
        }
    }

    private void probe(String text, CancelToken cancel) {
        PciDevice device = device(text);
        if (device.driver().isEmpty()) {
            bus.probe(device, cancel);
        }
    }

    private void bind(DriverAdapter driver, String text, CancelToken cancel) {
        bus.bind(device(text), driver.name(), cancel);
    }

    private void unbind(DriverAdapter driver, String text) {
        bus.unbind(device(text), driver.name());
    }

    private void addId(DriverAdapter driver, String text, CancelToken cancel) {
        bus.addId(driver.name(), PciDeviceId.parse(text), cancel);
    }

    private void removeId(DriverAdapter driver, String text) {
        bus.removeId(driver.name(), PciDeviceId.parse(text));
    }

    /** The device with the name written, which must be the whole one, with domain. */
    private PciDevice device(String text) {
        String name = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return bus.devices().stream()
                .filter(device -> device.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new KernelException(Errno.ENODEV, "no device is called \"" + name + "\""));
    }
}
