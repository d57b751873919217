package org.cardcage.itests.second;

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
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** A driver for the EDU card of one slot whose remove ends when the test lets it. */
@Module(name = "second", description = "stays in remove", license = "Apache-2.0")
@ModuleParameter(name = "slot", type = "charp", value = "0000:00:05.0", description = "the only slot it is for")
@PciId(vendor = 0x1234, device = 0x11e8)
@Component(service = PciDriver.class)
public final class SecondDriver implements PciDriver {

    private final ModuleParameters parameters;
    private final Function<String, CountDownLatch> stage;

    @Activate
    public SecondDriver(
            @Reference(target = "(module=second)") ModuleParameters parameters,
            @Reference(target = "(test=stage)") Function<String, CountDownLatch> stage) {
        this.parameters = parameters;
        this.stage = stage;
    }

    @Override
    public void probe(PciDevice dev, PciDeviceId id) {
        if (!dev.name().equals(parameters.text("slot"))) {
            throw new KernelException(Errno.ENODEV, dev.name() + " is not my slot");
        }
        dev.enable();
    }

    @Override
    public void shutdown(PciDevice dev) {
        stage.apply("second shutdown").countDown();
    }

    @Override
    public void remove(PciDevice dev) throws InterruptedException {
        stage.apply("second").countDown();
        stage.apply("second go").await();
    }
}
