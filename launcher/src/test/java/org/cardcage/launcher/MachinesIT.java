package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cardcage.launcher.CardcageProcess.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts the shipped boards, and machines made from dumps. */
class MachinesIT {

    private static final Path DUMPS = Path.of("src/test/resources/dumps").toAbsolutePath();
    private static final Pattern FUNCTION = Pattern.compile("[0-9a-f:]+\\.[0-7] .*");

    @TempDir
    private Path folder;

    private CardcageProcess process;

    @BeforeEach
    void prepare() {
        process = new CardcageProcess(folder);
    }

    private static List<String> functions(String machine) throws Exception {
        return Files.readAllLines(DUMPS.resolve(machine + ".txt")).stream()
                .filter(line -> FUNCTION.matcher(line).matches())
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    private static List<String> addresses(String out) {
        return out.lines()
                .filter(line -> FUNCTION.matcher(line).matches())
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void aShippedBoardHasTheFunctionsOfTheRecordedMachineAndBothCardsWork(String machine) throws Exception {
        Result result = process.cardcage(
                "--board", machine, "-c", "lspci -n; insmod edu; cat /dev/edu0; echo 5 > /dev/edu1; cat /dev/edu1");

        assertThat(result.err()).isEmpty();
        assertThat(addresses(result.out())).isEqualTo(functions(machine));
        assertThat(result.out()).endsWith("0x010000ed\n120\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void aDumpBecomesAMachineWithItsAddresses(String machine) throws Exception {
        Result result = process.cardcage(
                "--board", "dump:" + DUMPS.resolve(machine + ".txt"), "-c", "lspci -n; cat /proc/iomem; dmesg");

        assertThat(result.err()).isEmpty();
        assertThat(addresses(result.out())).isEqualTo(functions(machine));
        Matcher edu = Pattern.compile("0000:00:04.0: BAR 0 \\[mem 0xfea00000-0xfeafffff]")
                .matcher(result.out());
        assertThat(edu.find()).as(result.out()).isTrue();
        assertThat(result.out()).doesNotContain("can't claim", "invalid bridge");
    }

    @Test
    void severalRootBusesAndDomainsKeepTheirAddresses() throws Exception {
        Result result = process.cardcage(
                "--board",
                "dump:" + DUMPS.resolve("server.txt"),
                "-c",
                "lspci -D -n; cat /proc/iomem; cat /proc/ioports");

        assertThat(result.err())
                .isEqualTo("cardcage: " + DUMPS.resolve("server.txt")
                        + ": bus 0000:02 is left out: no bridge of the dump leads to it\n");
        List<String> all = functions("server").stream()
                .filter(address -> !address.startsWith("0000:02:"))
                .sorted(Comparator.comparing(address -> address.length() + address))
                .toList();
        assertThat(addresses(result.out())).isEqualTo(all);
        assertThat(result.out())
                .contains(
                        "d0000000-dfffffff : PCI Bus 0000:80\n  d0000000-d07fffff : PCI Bus 0000:81\n"
                                + "    d0000000-d07fffff : 0000:81:00.0\n",
                        "    38010000000-3801fffffff : 0000:01:00.0\n",
                        "39000000000-3900fffffff : PCI Bus 0001:00\n  39000000000-3900fffffff : 0001:00:00.0\n",
                        "  e0000000-e00fffff : PCI Bus 10000:e2\n",
                        "8000-8fff : PCI Bus 0000:80\n");
    }

    @Test
    void aDriverFindsAPassiveCardByItsIdsAndNothingBehindIt() throws Exception {
        Result result = process.cardcage(
                "--board", "dump-reassign:" + DUMPS.resolve("q35.txt"), "-c", "lspci -n; insmod edu; ls /dev/edu0");

        assertThat(result.status()).isEqualTo(2);
        assertThat(addresses(result.out())).isEqualTo(functions("q35"));
        assertThat(result.err()).isEqualTo("ls: cannot access '/dev/edu0': No such file or directory\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc", "q35"})
    void theMachineOfADumpReadsAsTheDumpByteForByte(String machine) throws Exception {
        Path dump = DUMPS.resolve(machine + ".txt");
        Result result = process.cardcage("--board", "dump:" + dump, "-c", "lspci -xxxx");

        assertThat(rows(result.out().lines())).isEqualTo(rows(Files.readAllLines(dump).stream()));
    }

    private static List<String> rows(Stream<String> lines) {
        return lines.filter(line -> HexRow.parse(line) != null).toList();
    }

    @Test
    void theMinimalProfileIsEnoughForAnEduCard() throws Exception {
        assertThat(process.cardcage("--profile", "minimal", "-c", "insmod edu; cat /dev/edu0"))
                .isEqualTo(new Result(0, "0x010000ed\n", ""));
    }

    @Test
    void aBoardWithOtherCardsNeedsTheFullProfile() throws Exception {
        assertThat(process.cardcage("--profile", "minimal", "--board", "pc", "-c", "echo up"))
                .isEqualTo(new Result(
                        1,
                        "",
                        "cardcage: board pc has cards of org.cardcage.passive.device: it needs the full profile, which is that"
                                + " without --profile minimal\n"));
    }

    @Test
    void allThatIsWrongWithABoardIsSaidAtOnce() throws Exception {
        Path file = Files.writeString(
                folder.resolve("my.json"),
                "{'id': 'a:b:1', 'configurations': {'org.cardcage.board': {'ram': 'big'},".replace('\'', '"')
                        + "'org.cardcage.edu.device~e': {'slot': '80:04.0', 'colour': 1, 'dma_mask': 'zz'}}}"
                                .replace('\'', '"'));

        assertThat(process.cardcage("--board", file.toString(), "-c", "echo up")
                        .err()
                        .lines())
                .satisfiesExactly(
                        title -> assertThat(title).isEqualTo("cardcage: board " + file + " is wrong:"),
                        ram -> assertThat(ram).contains("org.cardcage.board: ram is \"big\""),
                        colour -> assertThat(colour).contains("org.cardcage.edu.device~e: unknown key \"colour\""),
                        mask -> assertThat(mask).contains("org.cardcage.edu.device~e: dma_mask \"zz\""),
                        slot -> assertThat(slot).contains("org.cardcage.edu.device~e: slot there is no root bus"));
    }

    @Test
    void valuesOfTheWrongTypeAreRefused() throws Exception {
        Path file = Files.writeString(
                folder.resolve("my.json"),
                ("{'id': 'a:b:1', 'configurations': {"
                                + "'org.cardcage.board': {'ram': [1], 'cpus': 0, 'firmware_has_run': 'yes', 'bus_policy': 'x', 'name': 7},"
                                + "'org.cardcage.edu.device~e': {'slot': 4},"
                                + "'org.cardcage.test.device~t': {'slot': ['00:05.0'], 'memory': 'big'},"
                                + "'org.cardcage.passive.device~p': {'slot': '00:06.0', 'config': [1, 2]},"
                                + "'org.cardcage.passive.device~q': {'slot': '00:07.0'},"
                                + "'org.cardcage.lpt': {}}}")
                        .replace('\'', '"'));

        Result result = process.cardcage("--board", file.toString(), "-c", "echo up");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains(
                        "org.cardcage.board: ram must be one value, not a list\n",
                        "org.cardcage.board: cpus is 0; it must be from 1 to 255\n",
                        "org.cardcage.board: firmware_has_run is \"yes\"; it must be true or false\n",
                        "org.cardcage.board: bus_policy is \"x\"; it must be one of pci, qemu\n",
                        "org.cardcage.board: name is 7; it must be a text, as in \"7\"\n",
                        "org.cardcage.edu.device~e: slot is 4; it must be a text, as in \"4\"\n",
                        "org.cardcage.test.device~t: slot must be one value, not a list\n",
                        "org.cardcage.test.device~t: memory is \"big\"; it must be a whole number",
                        "org.cardcage.passive.device~p: config must be a list of texts\n",
                        "org.cardcage.passive.device~q: config is missing",
                        "org.cardcage.lpt: there is nothing of this name to configure");
    }

    @Test
    void aDumpThatCannotBeReadIsRefusedWithFileLineAndReason() throws Exception {
        Path dump = Files.writeString(folder.resolve("my.dump"), "00:00.0 Host bridge\n00: 86 80 3\n");

        assertThat(process.cardcage("--board", "dump:" + dump, "-c", "echo up"))
                .isEqualTo(new Result(
                        1,
                        "",
                        "cardcage: " + dump
                                + ":2: \"00: 86 80 3\" is neither a function, as in 00:1f.3, nor a row of bytes, as"
                                + " in 10: 00 ff\n"));
    }
}
