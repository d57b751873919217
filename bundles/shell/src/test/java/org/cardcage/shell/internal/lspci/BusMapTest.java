package org.cardcage.shell.internal.lspci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.PciIds;
import org.cardcage.shell.internal.lspci.function.PciNames;
import org.cardcage.shell.internal.lspci.function.Slot;
import org.junit.jupiter.api.Test;

class BusMapTest {

    private static PciFunction function(int bus, int device, int header, int... buses) {
        byte[] config = new byte[ConfigBytes.HEADER];
        config[0] = 0x34;
        config[0x0e] = (byte) header;
        for (int i = 0; i < buses.length; i++) {
            config[0x18 + i] = (byte) buses[i];
        }
        return PciFunction.ofDump(new Slot(0, bus, device, 0), new ConfigBytes(config));
    }

    private static String map(LspciFilter filter, List<Slot> absent, PciFunction... functions) {
        View view = new Flags("-n").view();
        StringBuilder out = new StringBuilder();
        new PciListing(List.of(functions), view, new PciNames(PciIds.EMPTY, 1)).map(filter, absent::add, out);
        return out.substring(out.indexOf("\n\n") + 2);
    }

    @Test
    void everyBusIsReachedByTheBridgeThatLeadsToIt() {
        String text = map(
                new LspciFilter(),
                new ArrayList<>(),
                function(0, 1, 1, 0, 1, 2),
                function(1, 0, 1, 1, 2, 2),
                function(2, 3, 0),
                function(9, 0, 0));

        assertThat(text).isEqualTo("""
                00:01.0 0000: 0034:0000
                ## 00:01.0 is a bridge from 00 to 01-02
                01:00.0 0000: 0034:0000
                ## 01:00.0 is a bridge from 01 to 02-02
                02:03.0 0000: 0034:0000
                09:00.0 0000: 0034:0000

                Summary of buses:

                00: Primary host bus
                	01.0 Bridge to 01-02
                01: Entered via 00:01.0
                	00.0 Bridge to 02-02
                02: Entered via 01:00.0
                09: Secondary host bus (?)
                """);
    }

    @Test
    void whatContradictsItselfIsNamed() {
        String text = map(
                new LspciFilter(),
                new ArrayList<>(),
                function(0, 1, 1, 0, 1, 2),
                function(0, 2, 1, 7, 1, 1),
                function(0, 3, 1, 0, 5, 4),
                function(1, 0, 1, 1, 8, 9));

        assertThat(text)
                .contains("## 00:02.0 is a bridge from 07 to 01-01\n!!! Bridge points to invalid primary bus.\n")
                .contains("## 00:03.0 is a bridge from 00 to 05-04\n!!! Bridge points to invalid bus range.\n")
                .contains("\t02.0 Bridge to 01-01\n")
                .contains("\t01.0 Bridge to 01-02 <overlap bug>\n")
                .contains("\t00.0 Bridge to 08-09 <crossing bug>\n");
    }

    @Test
    void onlyTheWantedAddressesAreTried() {
        LspciFilter filter = new LspciFilter();
        filter.slot("3:4");
        List<Slot> absent = new ArrayList<>();

        assertThat(map(filter, absent, function(0, 1, 0))).isEqualTo("\nSummary of buses:\n\n");
        assertThat(absent).containsExactly(new Slot(0, 3, 4, 0));
    }
}
