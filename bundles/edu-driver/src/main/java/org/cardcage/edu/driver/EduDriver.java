package org.cardcage.edu.driver;

import java.util.Optional;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.CharDevice;
import org.cardcage.kernel.module.Module;
import org.cardcage.kernel.module.ModuleParameter;
import org.cardcage.kernel.module.ModuleParameters;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.VectorKind;
import org.cardcage.pci.IrqVectors;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.PciId;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver of QEMU's EDU card: {@code /dev/eduN} for each card, and {@code /dev/edu} as a link to the first. */
@Module(name = "edu", description = "QEMU EDU device driver", license = "Apache-2.0")
@ModuleParameter(
        name = EduDriver.READ_MODE,
        type = "int",
        value = "0",
        description = "0: id or pending result as text, 2: always wait for a result")
@ModuleParameter(name = EduDriver.INTX, type = "bool", value = "0", description = "use the interrupt line, not MSI")
@ModuleParameter(name = EduDriver.LABEL, type = "charp", value = "edu", description = "label printed at load")
@PciId(vendor = 0x1234, device = 0x11e8)
@Component(service = PciDriver.class)
public final class EduDriver implements PciDriver {

    static final String READ_MODE = "read_mode";
    static final String INTX = "intx";
    static final String LABEL = "label";

    private static final int DMA_ADDRESS_BITS = 28;

    private final Logger log = LoggerFactory.getLogger("edu");
    private final ModuleParameters parameters;

    /** A driver with these parameters; see the annotations for their names. */
    @Activate
    public EduDriver(@Reference(target = "(module=edu)") ModuleParameters parameters) {
        this.parameters = parameters;
        log.info("loaded ({})", parameters.text(LABEL));
    }

    @Deactivate
    void unload() {
        log.info("unloaded");
    }

    @Override
    public void probe(PciDevice dev, PciDeviceId id) {
        dev.enable();
        dev.setMaster();
        dev.dma().setMask(DMA_ADDRESS_BITS);
        IoMemory registers = dev.iomap(0, "edu");
        EduCard card = new EduCard(registers, dev.kernel());
        if ((card.id() & EduRegisters.ID_MARK_MASK) != EduRegisters.ID_MARK) {
            throw new KernelException(Errno.ENODEV, String.format("identification 0x%08x is not an EDU's", card.id()));
        }
        CharDevice node = dev.createCharDevice("edu%d", Optional.of("edu"), new EduNode(card, parameters));
        IrqVectors vectors =
                dev.allocateVectors(1, 1, parameters.booleanValue(INTX) ? PciDevice.INTX : PciDevice.MSI_OR_INTX);
        dev.requestIrq(vectors, card::interrupt, node.name());
        card.init();
        dev.setDrvdata(new Instance(node.name(), card));
        dev.log()
                .info(
                        "{}: id {}, BAR0 {}, {} irq {}",
                        node.name(),
                        String.format("0x%08x", card.id()),
                        dev.bars().get(0),
                        vectors.kind() == VectorKind.INTX ? "INTx" : vectors.kind(),
                        vectors.number(0));
    }

    @Override
    public void remove(PciDevice dev) {
        Instance instance = dev.drvdata();
        instance.card().shutdown();
        dev.log().info("{}: removed", instance.name());
    }

    /** A card and the name of its node. */
    private record Instance(String name, EduCard card) {}
}
