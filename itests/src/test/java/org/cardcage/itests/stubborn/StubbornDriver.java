package org.cardcage.itests.stubborn;

import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.Module;
import org.cardcage.kernel.module.ModuleParameter;
import org.cardcage.kernel.module.ModuleParameters;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.PciId;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * A driver for the EDU card of one slot, which tells a test where it is and goes on when the test lets it. The latches come
 * from a service of the test: a name is counted down when its place is reached, {@code "NAME go"} is waited for.
 */
@Module(name = "stubborn", description = "stays where it is told to", license = "Apache-2.0")
@ModuleParameter(name = "slot", type = "charp", value = "0000:00:04.0", description = "the only slot it is for")
@ModuleParameter(name = "hold", type = "charp", value = "", description = "probe or remove: does not end by itself")
@ModuleParameter(name = "leak", type = "charp", value = "", description = "what it leaves behind on purpose")
@PciId(vendor = 0x1234, device = 0x11e8)
@Component(service = PciDriver.class)
public final class StubbornDriver implements PciDriver {

    private final ModuleParameters parameters;
    private final Function<String, CountDownLatch> stage;
    private final BundleContext context;

    @Activate
    public StubbornDriver(
            BundleContext context,
            @Reference(target = "(module=stubborn)") ModuleParameters parameters,
            @Reference(target = "(test=stage)") Function<String, CountDownLatch> stage) {
        this.context = context;
        this.parameters = parameters;
        this.stage = stage;
    }

    @Override
    public void probe(PciDevice dev, PciDeviceId id) throws Exception {
        if (!dev.name().equals(parameters.text("slot"))) {
            throw new KernelException(Errno.ENODEV, dev.name() + " is not my slot");
        }
        dev.enable();
        dev.setMaster();
        dev.dma().setMask(28);
        StubbornNode node = new StubbornNode(dev, stage);
        dev.requestIrq(dev.allocateVectors(1, 1, PciDevice.MSI_OR_INTX), node::interrupt, "stubborn");
        dev.createCharDevice("stubborn%d", node);
        holdIn("probe");
        Leaks.plant(parameters.text("leak"), context, stage);
    }

    private void holdIn(String place) throws InterruptedException {
        if (parameters.text("hold").equals(place)) {
            stage.apply(place).countDown();
            stage.apply(place + " go").await();
        }
    }

    @Override
    public void remove(PciDevice dev) throws Exception {
        stage.apply("irq go").countDown();
        holdIn("remove");
    }
}
