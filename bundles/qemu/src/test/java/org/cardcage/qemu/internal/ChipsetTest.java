package org.cardcage.qemu.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.MachineDescription.HostBridge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChipsetTest {

    private static final long GIB = 1L << 30;

    private static List<AddressRange> ram(long low, long high) {
        AddressRange below = new AddressRange(0, low);
        return high == 0 ? List.of(below) : List.of(below, new AddressRange(4 * GIB, high));
    }

    @ParameterizedTest
    @EnumSource
    void noWindowHasRamOrAnotherWindowInIt(Chipset chipset) {
        for (List<AddressRange> ram : List.of(ram(64 << 20, 0), ram(2 * GIB, 3 * GIB), ram(GIB, 0))) {
            HostBridge host = chipset.describe(ram);
            for (AddressRange window : host.memory()) {
                assertThat(ram).noneMatch(window::overlaps);
                assertThat(host.memory()).filteredOn(window::overlaps).containsExactly(window);
            }
        }
    }

    @Test
    void aPcHasTheHoleBelow4GiBInFrontAndPinsOnLines10And11() {
        HostBridge host = Chipset.I440FX.describe(ram(256 << 20, 0));
        assertThat(host.memory().get(0)).isEqualTo(new AddressRange(0x1000_0000, 0xeec0_0000L));
        assertThat(host.memory().get(1)).isEqualTo(new AddressRange(4 * GIB, 64 * GIB));
        assertThat(host.intxLine(4, 1)).isEqualTo(11);
        assertThat(host.intxLine(5, 1)).isEqualTo(10);
        assertThat(host.intxLine(4, 3)).isEqualTo(10);
    }

    @Test
    void aQ35KeepsItsConfigurationWindowFreeAndHasPinsAbove16() {
        HostBridge host = Chipset.Q35.describe(ram(2 * GIB, GIB));
        AddressRange configuration = new AddressRange(0xb000_0000L, 256 << 20);
        assertThat(host.memory()).noneMatch(configuration::overlaps);
        assertThat(host.memory().get(0)).isEqualTo(new AddressRange(0xc000_0000L, 0x3ec0_0000));
        assertThat(host.intxLine(4, 1)).isEqualTo(20);
        assertThat(host.intxLine(3, 1)).isEqualTo(23);
        assertThat(host.intxLine(31, 2)).isEqualTo(17);
    }
}
