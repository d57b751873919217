package org.cardcage.pci.internal;

import java.util.List;
import org.cardcage.kernel.device.Device;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kernel.module.KernelModule;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;

/** A PCI driver as the driver core sees it. Name and id table are asked for once, so that matching calls nobody. */
final class DriverAdapter implements Driver {

    private final PciDriver driver;
    private final KernelModule module;
    private final String name;
    private final List<PciDeviceId> ids;

    DriverAdapter(PciDriver driver, KernelModule module) {
        this.driver = driver;
        this.module = module;
        this.name = driver.name();
        this.ids = List.copyOf(driver.idTable());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public KernelModule module() {
        return module;
    }

    @Override
    public boolean matches(Device device) {
        return device instanceof PciDevice pci && ids.stream().anyMatch(id -> id.matches(pci));
    }

    @Override
    public void probe(Device device) throws Exception {
        PciDevice pci = (PciDevice) device;
        PciDeviceId matched =
                ids.stream().filter(id -> id.matches(pci)).findFirst().orElseThrow();
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
