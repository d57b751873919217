package org.cardcage.kmod.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ModaliasTest {

    private static final String EDU = "pci:v00001234d000011E8sv00001AF4sd00001100bc00scFFi00";

    @Test
    void aVendorAndDeviceBecomeThePatternThatDepmodWrites() {
        assertThat(Modalias.ofPciId(Map.of("vendor", "4660", "device", "4584")))
                .isEqualTo("pci:v00001234d000011E8sv*sd*bc*sc*i*");
    }

    @Test
    void theClassIsWrittenByteByByteAsFarAsTheMaskCovers() {
        assertThat(Modalias.ofPciId(Map.of("class", "131328", "class_mask", "16776960")))
                .isEqualTo("pci:v*d*sv*sd*bc02sc01i*");
        assertThat(Modalias.ofPciId(Map.of("class", "0x0c0330", "class_mask", "0xffffff")))
                .isEqualTo("pci:v*d*sv*sd*bc0Csc03i30*");
        assertThat(Modalias.ofPciId(Map.of("class", "0x0c0330", "class_mask", "0xff0f00")))
                .isEqualTo("pci:v*d*sv*sd*bc0Csc*i*");
    }

    @Test
    void subsystemIdsAreWritten() {
        assertThat(Modalias.ofPciId(Map.of("vendor", "0x8086", "subvendor", "0x1af4", "subdevice", "0x1100")))
                .isEqualTo("pci:v00008086d*sv00001AF4sd00001100bc*sc*i*");
    }

    @Test
    void aModaliasFitsThePatternsOfItsDeviceOnly() {
        assertThat(Modalias.matches("pci:v00001234d000011E8sv*sd*bc*sc*i*", EDU))
                .isTrue();
        assertThat(Modalias.matches("pci:v*d*sv*sd*bc00scFFi*", EDU)).isTrue();
        assertThat(Modalias.matches("pci:v00001234d000011E9sv*sd*bc*sc*i*", EDU))
                .isFalse();
        assertThat(Modalias.matches("usb:*", EDU)).isFalse();
        assertThat(Modalias.matches("pci.v*", "pci:v1")).isFalse();
    }
}
