package org.cardcage.shell.internal.lspci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The output is that of pciutils 3.9 on the recorded machines, byte for byte. */
class LspciFormatterTest {

    private static final LspciFilter ALL = new LspciFilter();

    private static String list(String machine, String drivers, int numeric, boolean domains, boolean kernel) {
        return new LspciFormatter(RecordedMachine.ids(), numeric, domains, kernel)
                .list(new RecordedMachine(machine).functions(drivers), ALL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void namesEveryFunction(String machine) {
        assertThat(list(machine, "lspci-k.loaded", 0, false, false))
                .isEqualTo(new RecordedMachine(machine).text("lspci.loaded"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void showsNumbersOnly(String machine) {
        assertThat(list(machine, "lspci-k.loaded", 1, false, false))
                .isEqualTo(new RecordedMachine(machine).text("lspci-n.loaded"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void showsNamesAndNumbers(String machine) {
        assertThat(list(machine, "lspci-k.loaded", 2, false, false))
                .isEqualTo(new RecordedMachine(machine).text("lspci-nn.loaded"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void showsDomains(String machine) {
        assertThat(list(machine, "lspci-k.loaded", 0, true, false))
                .isEqualTo(new RecordedMachine(machine).text("lspci-D.loaded"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void showsSubsystemsDriversAndModules(String machine) {
        for (String state : List.of("loaded", "unloaded")) {
            assertThat(list(machine, "lspci-k." + state, 0, false, true))
                    .isEqualTo(new RecordedMachine(machine).text("lspci-k." + state));
            assertThat(list(machine, "lspci-k." + state, 2, false, true))
                    .isEqualTo(new RecordedMachine(machine).text("lspci-nnk." + state));
        }
    }

    @Test
    void withoutADatabaseEverythingIsANumber() {
        List<PciFunction> all = new RecordedMachine("q35").functions("lspci-k.loaded");

        String text = new LspciFormatter(PciIds.EMPTY, 0, false, false).list(all.subList(0, 2), ALL);

        assertThat(text)
                .isEqualTo("00:00.0 Class 0600: Device 8086:29c0\n00:01.0 Class 0300: Device 1234:1111 (rev 02)\n");
        assertThat(new LspciFormatter(PciIds.EMPTY, 2, false, false).list(all.subList(0, 1), ALL))
                .isEqualTo("00:00.0 Unknown class [0600]: Device [8086:29c0]\n");
    }

    @Test
    void aFunctionInAnotherDomainMakesDomainsAppear() {
        PciFunction far = RecordedMachine.function("0001:00:00.0", new byte[4096], Optional.empty(), List.of());

        assertThat(new LspciFormatter(PciIds.EMPTY, 1, false, false).list(List.of(far), ALL))
                .isEqualTo("0001:00:00.0 0000: 0000:0000\n");
    }

    @Test
    void aFunctionThatHasGoneReadsAsAllOnes() {
        PciFunction gone = new PciFunction(
                org.cardcage.machine.FunctionAddress.parse("00:04.0"),
                0x1234,
                0x11e8,
                0x00ff,
                (offset, size) -> size == 4 ? -1 : (1 << 8 * size) - 1,
                Optional.empty(),
                List.of());

        assertThat(new LspciFormatter(PciIds.EMPTY, 1, false, true).list(List.of(gone), ALL))
                .isEqualTo("00:04.0 00ff: 1234:11e8 (rev ff)\n");
    }

    @Test
    void aSubsystemThatIsTheSameEverywhereIsFoundByItsVendor() throws IOException {
        PciIds ids = PciIds.parse(new StringReader("S 1af4\n\t1100  Anywhere\n8086  Intel\n\t0001  Card\n"));

        assertThat(ids.subsystem(0x8086, 1, 0x1af4, 0x1100)).contains("Anywhere");
        assertThat(ids.subsystem(0x8086, 1, 0x8086, 1)).contains("Card");
        assertThat(ids.vendor(0x1af4)).isEmpty();
    }
}
