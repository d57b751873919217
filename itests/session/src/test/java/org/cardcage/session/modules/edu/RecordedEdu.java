package org.cardcage.session.modules.edu;

import org.cardcage.edu.driver.EduDriver;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.Module;
import org.cardcage.kernel.module.ModuleParameter;
import org.cardcage.kernel.module.ModuleParameters;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.PciId;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The EDU driver with the parameters of the driver that the recordings were made with; it can fail on demand. */
@Module(name = "edu", description = "fails as recorded", license = "Apache-2.0")
@ModuleParameter(name = "fail_init", type = "int", value = "0", description = "errno that its making fails with")
@ModuleParameter(name = "fail_probe", type = "int", value = "0", description = "errno that probe fails with")
@ModuleParameter(name = "read_mode", type = "int", value = "0", description = "2: wait for a result")
@ModuleParameter(name = "quiet", type = "bool", value = "n", description = "accepted only")
@ModuleParameter(name = "intx", type = "bool", value = "n", description = "accepted only")
@ModuleParameter(name = "label", type = "charp", value = "edu", description = "label printed at load")
@Capability(namespace = "cardcage.symbol", name = "edu_device_count")
@PciId(vendor = 0x1234, device = 0x11e8)
@Component(service = PciDriver.class)
public final class RecordedEdu implements PciDriver {

    private final Logger log = LoggerFactory.getLogger("edu");
    private final ModuleParameters parameters;
    private final EduDriver driver;

    @Activate
    public RecordedEdu(@Reference(target = "(module=edu)") ModuleParameters parameters) {
        this.parameters = parameters;
        failWith("fail_init");
        driver = new EduDriver(parameters);
    }

    @Deactivate
    void unload() {
        log.info("unloaded");
    }

    private void failWith(String parameter) {
        Errno.of(parameters.intValue(parameter)).ifPresent(errno -> {
            throw new KernelException(errno, parameter);
        });
    }

    @Override
    public void probe(PciDevice dev, PciDeviceId id) {
        failWith("fail_probe");
        driver.probe(dev, id);
    }

    @Override
    public void remove(PciDevice dev) {
        driver.remove(dev);
    }
}
