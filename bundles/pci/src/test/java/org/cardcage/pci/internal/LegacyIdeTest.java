package org.cardcage.pci.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cardcage.pci.PciResource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.helpers.NOPLogger;

class LegacyIdeTest {

    private static final PciResource BUS_MASTER = new PciResource(4, 0xd040, 16, true, false, false);

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "010180; BAR 0 [io  0x01f0-0x01f7], BAR 1 [io  0x03f6-0x03f6], BAR 2 [io  0x0170-0x0177],"
                        + " BAR 3 [io  0x0376-0x0376], BAR 4 [io  0xd040-0xd04f]",
                "010181; BAR 2 [io  0x0170-0x0177], BAR 3 [io  0x0376-0x0376], BAR 4 [io  0xd040-0xd04f]",
                "010185; BAR 4 [io  0xd040-0xd04f]",
                "010601; BAR 4 [io  0xd040-0xd04f]"
            })
    void aChannelThatIsNotNativeHasThePortsOfTheFirstPcs(String classCode, String all) {
        FunctionHeader header = new FunctionHeader(0x8086, 0x7010, Integer.parseInt(classCode, 16), 0, 0, false, 0, 0);

        List<PciResource> found = LegacyIde.with(header, List.of(BUS_MASTER), NOPLogger.NOP_LOGGER);

        assertThat(found).extracting(r -> r.name() + " " + r).containsExactly(all.split(", "));
    }
}
