package org.cardcage.pci;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PciDeviceIdTest {

    @PciId(vendor = 0x1234, device = 0x11e8)
    @PciId(classCode = 0x020000, classMask = 0xffff00, driverData = 7)
    private static final class Annotated implements PciDriver {
        @Override
        public void probe(PciDevice dev, PciDeviceId id) {
            throw new AssertionError("not probed here");
        }

        @Override
        public void remove(PciDevice dev) {
            throw new AssertionError("not removed here");
        }
    }

    @Test
    void theIdTableIsReadFromTheAnnotationsInTheirOrder() {
        assertThat(new Annotated().idTable())
                .containsExactly(
                        PciDeviceId.of(0x1234, 0x11e8),
                        new PciDeviceId(
                                PciDeviceId.ANY,
                                PciDeviceId.ANY,
                                PciDeviceId.ANY,
                                PciDeviceId.ANY,
                                0x020000,
                                0xffff00,
                                7));
    }

    @Test
    void resourcesArePrintedAsTheKernelPrintsThem() {
        assertThat(new PciResource(0, 0xfea00000L, 0x100000, false, false, false))
                .hasToString("[mem 0xfea00000-0xfeafffff]");
        assertThat(new PciResource(2, 0xfd000000L, 0x1000000, false, true, true))
                .hasToString("[mem 0xfd000000-0xfdffffff 64bit pref]");
        assertThat(new PciResource(1, 0xc040, 0x40, true, false, false)).hasToString("[io  0xc040-0xc07f]");
        assertThat(new PciResource(0, 0, 0x100000, false, false, false)).hasToString("[mem size 0x00100000]");
    }
}
