package org.cardcage.itests.faulty;

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

/** A driver for EDU cards that fails where it is told to; {@code BuiltModule} makes a module of it. */
@Module(name = "faulty", description = "fails on demand", license = "Apache-2.0")
@ModuleParameter(name = "fail_init", type = "int", value = "0", description = "errno that its making fails with")
@ModuleParameter(name = "fail_probe", type = "int", value = "0", description = "errno that probe fails with")
@PciId(vendor = 0x1234, device = 0x11e8)
@Component(service = PciDriver.class)
public final class FaultyDriver implements PciDriver {
    private final ModuleParameters parameters;

    @Activate
    public FaultyDriver(@Reference(target = "(module=faulty)") ModuleParameters parameters) {
        this.parameters = parameters;
        failWith("fail_init");
    }

    private void failWith(String parameter) {
        Errno.of(parameters.intValue(parameter)).ifPresent(errno -> {
            throw new KernelException(errno, parameter);
        });
    }

    @Override
    public void probe(PciDevice dev, PciDeviceId id) {
        dev.enable();
        failWith("fail_probe");
    }

    @Override
    public void remove(PciDevice dev) {
        dev.log().info("removed");
    }
}
