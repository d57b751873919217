package org.cardcage.shell.internal.lspci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.PciIds;
import org.cardcage.shell.internal.lspci.function.Resources;
import org.cardcage.shell.internal.lspci.function.Resources.Region;
import org.cardcage.shell.internal.lspci.function.Resources.Window;
import org.cardcage.shell.internal.lspci.function.Slot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The output is that of pciutils 3.9 on the recorded machines, byte for byte. */
class PciListingTest {

    private static final List<String> STATES = List.of("loaded", "unloaded");

    private static List<PciFunction> known(String machine, String state) throws Exception {
        Recordings recordings = new Recordings(machine);
        RecordedKernel kernel = new RecordedKernel(recordings.text("lspci-vvv." + state));
        return recordings.functions("lspci-xxxx." + state).stream()
                .map(kernel::know)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "-, lspci",
        "-n, lspci-n",
        "-nn, lspci-nn",
        "-D, lspci-D",
        "-P, lspci-DP",
        "-PP, lspci-PP",
        "-k, lspci-k",
        "-nnk, lspci-nnk",
        "-v, lspci-v",
        "-vv, lspci-vv",
        "-vvv, lspci-vvv",
        "-x, lspci-x",
        "-xxx, lspci-xxx",
        "-xxxx, lspci-xxxx",
        "-t, lspci-t",
        "-tv, lspci-tv",
        "-tvnn, lspci-tvnn",
        "-tD, lspci-tD",
        "-m, lspci-m",
        "-mm, lspci-mm",
        "-mmn, lspci-mmn",
        "-mmnn, lspci-mmnn",
        "-mmk, lspci-mmk",
        "-vm, lspci-vm",
        "-vmm, lspci-vmm",
        "-vmmk, lspci-vmmk",
        "-vmmn, lspci-vmmn",
        "-vmmnn, lspci-vmmnn",
        "-vmmDk, lspci-vmmDk"
    })
    void everyViewIsAsRecorded(String flags, String recording) throws Exception {
        for (String machine : List.of("pc", "q35")) {
            for (String state : STATES) {
                assertThat(new Flags(flags).text(known(machine, state), Recordings.ids()))
                        .as("%s %s %s", machine, flags, state)
                        .isEqualTo(new Recordings(machine).text(recording + "." + state));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-vnn -s 00:04.0, lspci-vnn-s-edu0",
        "-vvv -s 00:04.0, lspci-vvv-s-edu0",
        "-vvv -d 1234:11e8, lspci-vvv-s-edu1"
    })
    void oneFunctionIsAsRecorded(String flags, String recording) throws Exception {
        for (String state : STATES) {
            String text = new Flags(flags).text(known("q35", state), Recordings.ids());
            assertThat(text).endsWith(new Recordings("q35").text(recording + "." + state));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void theBusSeesItsOwnNumbers(String machine) throws Exception {
        List<PciFunction> seen =
                known(machine, "loaded").stream().map(PciFunction::seenFromBus).toList();

        assertThat(new Flags("-b -v -s 00:04.0").text(seen, Recordings.ids()))
                .isEqualTo(new Recordings(machine).text("lspci-b-v-s-edu0.loaded"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void withoutPrivilegeOnlyTheHeaderIsShown(String machine) throws Exception {
        for (String state : STATES) {
            List<PciFunction> denied = known(machine, state).stream()
                    .map(f -> new PciFunction(
                            f.slot(),
                            f.identity(),
                            f.config().first(ConfigBytes.HEADER),
                            f.resources(),
                            f.physicalSlot(),
                            f.driver(),
                            f.modules()))
                    .toList();
            Recordings recordings = new Recordings(machine);

            assertThat(new Flags("-v").text(denied, Recordings.ids()))
                    .isEqualTo(recordings.text("lspci-v-nonroot." + state));
            assertThat(new Flags("-vv -s 00:04.0").text(denied, Recordings.ids()))
                    .isEqualTo(recordings.text("lspci-vv-nonroot." + state));
            assertThat(new Flags("-xxx -s 00:04.0").text(denied, Recordings.ids()))
                    .isEqualTo(recordings.text("lspci-xxx-nonroot." + state));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void aDumpIsShownAsRecorded(String machine) {
        Recordings recordings = new Recordings(machine);

        assertThat(new Flags("-").text(recordings.functions(), Recordings.ids())
                        + new Flags("-tv").text(recordings.functions(), Recordings.ids()))
                .isEqualTo(recordings.text("lspci-F-dumpfile"));
    }

    @Test
    void withoutADatabaseEverythingIsANumber() {
        List<PciFunction> first = new Recordings("q35").functions().subList(0, 2);

        assertThat(new Flags("-").text(first, PciIds.EMPTY))
                .isEqualTo("00:00.0 Class 0600: Device 8086:29c0\n00:01.0 Class 0300: Device 1234:1111 (rev 02)\n");
        assertThat(new Flags("-nn").text(first.subList(0, 1), PciIds.EMPTY))
                .isEqualTo("00:00.0 Class [0600]: Device [8086:29c0]\n");
    }

    @Test
    void aFunctionInAnotherDomainMakesDomainsAppear() {
        PciFunction far = PciFunction.ofDump(new Slot(1, 0, 0, 0), new ConfigBytes(new byte[4096]));

        assertThat(new Flags("-n").text(List.of(far), PciIds.EMPTY)).isEqualTo("0001:00:00.0 0000: 0000:0000\n");
    }

    @Test
    void programsAreSparedTheNumberOfDomain0() {
        PciFunction near = PciFunction.ofDump(new Slot(0, 0, 0, 0), new ConfigBytes(new byte[64]));
        PciFunction far = PciFunction.ofDump(new Slot(1, 0, 0, 0), new ConfigBytes(new byte[64]));

        assertThat(new Flags("-mmn").text(List.of(near, far), PciIds.EMPTY).lines())
                .extracting(l -> l.substring(0, l.indexOf(' ')))
                .containsExactly("00:00.0", "0001:00:00.0");
    }

    @Test
    void aClosedWindowOfABridgeShowsItsRegistersOnlyWhenAskedForAll() {
        byte[] bytes = new byte[64];
        bytes[0x0b] = 6;
        bytes[0x0a] = 4;
        bytes[0x0e] = 1;
        bytes[0x1c] = (byte) 0xf0;
        Window closed = new Window(0, 0, 32);
        Resources resources = new Resources(0, List.of(), Region.NONE, List.of(closed, closed, closed));
        PciFunction dump = PciFunction.ofDump(new Slot(0, 3, 0, 0), new ConfigBytes(bytes));
        PciFunction bridge = new PciFunction(
                dump.slot(),
                dump.identity(),
                dump.config(),
                Optional.of(resources),
                Optional.empty(),
                Optional.empty(),
                List.of());

        assertThat(new Flags("-vv").text(List.of(bridge), PciIds.EMPTY))
                .contains(
                        "\tI/O behind bridge: [disabled] [16-bit]\n",
                        "\tMemory behind bridge: 00000000-000fffff [disabled]");
        assertThat(new Flags("-vvv").text(List.of(bridge), PciIds.EMPTY))
                .contains("\tI/O behind bridge: f000-0fff [disabled] [16-bit]\n");
    }

    @Test
    void aBridgeThatLeadsToItselfIsDrawnOnce() {
        byte[] bytes = new byte[64];
        bytes[0x0a] = 4;
        bytes[0x0b] = 6;
        bytes[0x0e] = 1;
        bytes[0x19] = 3;
        bytes[0x1a] = 3;
        PciFunction loop = PciFunction.ofDump(new Slot(0, 3, 0, 0), new ConfigBytes(bytes));

        assertThat(new Flags("-PPn").text(List.of(loop), PciIds.EMPTY)).endsWith("0604: 0000:0000\n");
        assertThat(new Flags("-t").text(List.of(loop), PciIds.EMPTY)).isNotEmpty();
    }

    @Test
    void aSubsystemThatIsTheSameEverywhereIsFoundByItsVendor() throws IOException {
        PciIds ids =
                PciIds.parse(new StringReader("beef  Herd\nS beef\n\t1100  Anywhere\n8086  Intel\n\t0001  Card\n"));

        assertThat(ids.subsystem(0x8086, 1, 0xbeef, 0x1100)).contains("Anywhere");
        assertThat(ids.subsystem(0x8086, 1, 0x8086, 1)).contains("Card");
        assertThat(ids.vendor(0xbeef)).contains("Herd");
    }
}
