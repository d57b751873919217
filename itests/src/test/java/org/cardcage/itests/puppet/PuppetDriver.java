package org.cardcage.itests.puppet;

import java.util.function.Consumer;
import org.cardcage.kernel.module.Module;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.PciId;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** A driver for EDU cards that tells a service of the test of each call, which then does inside it what it likes. */
@Module(name = "puppet", description = "does what a test wants", license = "Apache-2.0")
@PciId(vendor = 0x1234, device = 0x11e8)
@Component(service = PciDriver.class)
public final class PuppetDriver implements PciDriver {

    private final Consumer<String> strings;

    @Activate
    public PuppetDriver(@Reference(target = "(test=strings)") Consumer<String> strings) {
        this.strings = strings;
        strings.accept("init");
    }

    @Override
    public void probe(PciDevice dev, PciDeviceId id) {
        dev.enable();
        dev.setMaster();
        PuppetNode node = new PuppetNode(dev, strings);
        dev.requestIrq(dev.allocateVectors(1, 1, PciDevice.MSI_OR_INTX), node::interrupt, "puppet");
        dev.createCharDevice("puppet%d", node);
        strings.accept("probe");
    }

    @Override
    public void remove(PciDevice dev) {
        strings.accept("remove");
    }
}
