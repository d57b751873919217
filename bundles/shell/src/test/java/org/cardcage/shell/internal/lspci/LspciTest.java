package org.cardcage.shell.internal.lspci;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.cardcage.shell.internal.command.FakeTree;
import org.cardcage.shell.internal.command.Run;
import org.cardcage.shell.internal.lspci.function.PciIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A command line that is refused never gets as far as the bus, so there is none here. */
class LspciTest {

    private static final Set<String> NEED_A_BUS = Set.of("-i", "-M", "-q", "-G", "-H1");

    private final Lspci lspci = new Lspci(null, null, new FakeTree(), () -> PciIds.EMPTY);

    @ParameterizedTest
    @CsvSource({
        "-s, zz, lspci: -s: Invalid slot number",
        "-s, 1:2:3:4, lspci: -s: Too many fields",
        "-d, 1234, lspci: -d: At least two fields must be given",
        "-d, 12345:, lspci: -d: Invalid vendor ID"
    })
    void badFiltersAreRefusedInOneLine(String option, String value, String words) {
        assertThat(Run.of(lspci, option, value)).isEqualTo(new Run(1, "", words + "\n"));
        assertThat(Run.of(lspci, option + value)).isEqualTo(new Run(1, "", words + "\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "-Z, lspci: invalid option -- 'Z'",
        "--help, lspci: invalid option -- '-'",
        "--bogus, lspci: invalid option -- '-'",
        "-s, lspci: option requires an argument -- 's'"
    })
    void badOptionsAreRefusedWithTheUsage(String option, String words) {
        Run run = Run.of(lspci, option);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.text()).isEmpty();
        assertThat(run.errors()).startsWith(words + "\nUsage: lspci ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void oddOptionsAreAnsweredAsRecorded(String machine) {
        List<RecordedCommand> commands =
                RecordedCommand.all(new Recordings(machine).whole("lspci-errors-and-odd-options")).stream()
                        .filter(c -> !NEED_A_BUS.contains(c.words().get(1)))
                        .toList();

        assertThat(commands).hasSizeGreaterThanOrEqualTo(18);
        for (RecordedCommand command : commands) {
            assertThat(Run.of(lspci, command.arguments()))
                    .as("%s", command.words())
                    .isEqualTo(command.run());
        }
    }

    @Test
    void aDumpIsReadFromTheTree() {
        FakeTree tree = new FakeTree();
        tree.file("/dump", new Recordings("q35").text("lspci-xxxx.loaded").getBytes(StandardCharsets.ISO_8859_1));
        Lspci onTree = new Lspci(null, null, tree, () -> PciIds.EMPTY);

        assertThat(Run.of(onTree, "-n", "-F", "/dump", "-s", "4.0"))
                .isEqualTo(new Run(0, "00:04.0 00ff: 1234:11e8 (rev 10)\n", ""));
        assertThat(Run.of(onTree, "-n", "-A", "dump", "-O", "dump.name=/dump", "-s", "4.0")
                        .status())
                .isZero();
        assertThat(Run.of(onTree, "-A", "dump").errors())
                .isEqualTo("lspci: dump: Cannot open : No such file or directory\n");
    }

    @Test
    void aFileThatIsNoDumpIsRefused() {
        FakeTree tree = new FakeTree();
        tree.file("/dump", "00:01.0 x\n00: 1\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(Run.of(new Lspci(null, null, tree, () -> PciIds.EMPTY), "-F", "/dump"))
                .isEqualTo(new Run(1, "", "lspci: dump: Malformed line\n"));
    }

    @Test
    void theFirstMistakeOnTheLineIsTheOneThatIsTold() {
        assertThat(Run.of(lspci, "-s", "zz", "-Z")).isEqualTo(new Run(1, "", "lspci: -s: Invalid slot number\n"));
        assertThat(Run.of(lspci, "-Z", "-s", "zz").errors()).startsWith("lspci: invalid option -- 'Z'\nUsage");
        assertThat(Run.of(lspci, "-A", "help", "-s", "zz").text()).startsWith("Known PCI access methods:");
        assertThat(Run.of(lspci, "foo", "-O", "x"))
                .isEqualTo(new Run(1, "", "lspci: Invalid PCI access parameter syntax: x\n"));
    }

    @Test
    void whatHasBeenPrintedBeforeADamagedDatabaseIsMetIsThere() {
        FakeTree tree = new FakeTree();
        tree.file("/dump", new Recordings("q35").text("lspci-xxxx.loaded").getBytes(StandardCharsets.ISO_8859_1));
        tree.file("/ids", "1234  Vendor\n\tno number\n".getBytes(StandardCharsets.ISO_8859_1));
        Lspci onTree = new Lspci(null, null, tree, () -> PciIds.EMPTY);

        assertThat(Run.of(onTree, "-F", "dump", "-i", "ids"))
                .isEqualTo(new Run(1, "00:00.0", "lspci: Parse error at ids, line 2\n\n"));
        assertThat(Run.of(onTree, "-F", "dump", "-i", "ids", "-n").status()).isZero();
    }

    @Test
    void operandsAreRefused() {
        assertThat(Run.of(lspci, "foo").errors()).startsWith("Usage: lspci ");
    }
}
