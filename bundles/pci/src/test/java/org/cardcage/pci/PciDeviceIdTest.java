package org.cardcage.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void entriesAreReadAsLinuxReadsThem() {
        assertThat(PciDeviceId.parse("1234 beef\n")).isEqualTo(PciDeviceId.of(0x1234, 0xbeef));
        assertThat(PciDeviceId.parse("  0x1234\t0xBEEF")).isEqualTo(PciDeviceId.of(0x1234, 0xbeef));
        assertThat(PciDeviceId.parse("1234 bee0 ffffffff ffffffff 0 0 5"))
                .isEqualTo(new PciDeviceId(0x1234, 0xbee0, PciDeviceId.ANY, PciDeviceId.ANY, 0, 0, 5));
        assertThat(PciDeviceId.parse("ffffffff ffffffff 1af4 1100 ff00 ffff00 ffffffffffffffff"))
                .isEqualTo(new PciDeviceId(PciDeviceId.ANY, PciDeviceId.ANY, 0x1af4, 0x1100, 0xff00, 0xffff00, -1));
        assertThat(PciDeviceId.parse("1234 beef 1af4 rest"))
                .isEqualTo(new PciDeviceId(0x1234, 0xbeef, 0x1af4, PciDeviceId.ANY, 0, 0, 0));
        assertThat(PciDeviceId.parse("1234 0xyz").device())
                .as("the zero before the x")
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "zz", "1234", "1234:beef", "-1 beef", "1234 zz", "1234 -1"})
    void whatDoesNotBeginWithVendorAndDeviceIsInvalid(String text) {
        assertThatThrownBy(() -> PciDeviceId.parse(text))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
    }

    @Test
    void anAddedEntryIsMeantByItsIdsAndByWhatElseIsSaid() {
        PciDeviceId added = new PciDeviceId(0x1234, 0xbeef, 0x1af4, 0x1100, 0x020000, 0xffff00, 5);
        assertThat(PciDeviceId.of(0x1234, 0xbeef).means(added)).isTrue();
        assertThat(PciDeviceId.parse("1234 beef 1af4 1100 020000 ffff00").means(added))
                .isTrue();
        assertThat(PciDeviceId.parse("1234 beef 1af5").means(added)).isFalse();
        assertThat(PciDeviceId.parse("1234 beef 1af4 1100 030000 ff0000").means(added))
                .isFalse();
        assertThat(PciDeviceId.parse("ffffffff beef").means(added)).isFalse();
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
