package org.cardcage.itests.labelled;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.cardcage.kernel.module.Module;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.PciId;
import org.cardcage.vfs.FileOperations;
import org.cardcage.vfs.IoCall;
import org.osgi.service.component.annotations.Component;

/** A driver for EDU cards whose node {@code /dev/labelN} reads as the file {@code label} of its own bundle. */
@Module(name = "labelled", description = "says which build of it runs", license = "Apache-2.0")
@PciId(vendor = 0x1234, device = 0x11e8)
@Component(service = PciDriver.class)
public final class LabelledDriver implements PciDriver {

    @Override
    public void probe(PciDevice dev, PciDeviceId id) {
        dev.enable();
        dev.createCharDevice(
                "label%d",
                Optional.empty(), new FileOperations() {
                    @Override
                    public int read(IoCall call, ByteBuffer to) {
                        byte[] label = label();
                        to.put(label);
                        return label.length;
                    }
                });
    }

    private static byte[] label() {
        try (InputStream in = LabelledDriver.class.getResourceAsStream("/label")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void remove(PciDevice dev) {
        dev.log().info("removed");
    }
}
