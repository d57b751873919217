package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.cardcage.launcher.CardcageProcess.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job from end to end, as a newcomer does it. */
class SessionIT {

    private static final Path README =
            CardcageProcess.SCRIPT.resolve("../../README.md").normalize();
    private static final String CHIPSET = "00:00.0 0600: 8086:1237 (rev 02)\n00:01.0 0601: 8086:7000\n";

    @TempDir
    private Path folder;

    private CardcageProcess process;

    @BeforeEach
    void prepare() {
        process = new CardcageProcess(folder);
    }

    private Path board(String... cards) throws Exception {
        StringBuilder text = new StringBuilder("{\"feature-resource-version\": \"1.0\", \"id\": \"test:board:1\","
                + " \"configurations\": {\"org.cardcage.board\": {}");
        for (int card = 0; card < cards.length; card++) {
            text.append(", \"org.cardcage.edu.device~c")
                    .append(card)
                    .append("\": {\"slot\": \"")
                    .append(cards[card])
                    .append("\"}");
        }
        return Files.writeString(folder.resolve("board.json"), text.append("}}"));
    }

    private Result on(Path board, String commands) throws Exception {
        return process.cardcage("--board", board.toString(), "-c", commands);
    }

    @Test
    void theTranscriptOfTheReadmeIsTrue() throws Exception {
        boolean pciIds = Stream.of("/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids")
                .anyMatch(file -> Files.exists(Path.of(file)));
        if (!"1".equals(System.getenv("CARDCAGE_REQUIRE_ORACLES"))) {
            assumeTrue(pciIds, "the names of the transcript come from the Debian package pci.ids, which is missing");
        }
        Transcript transcript = Transcript.of(README);
        Result result = process.cardcage("-c", String.join("; ", transcript.commands()));
        assertThat(result.err()).isEmpty();
        assertThat(Transcript.withoutChance(result.out())).isEqualTo(Transcript.withoutChance(transcript.output()));
        assertThat(result.status()).isZero();
    }

    @Test
    void theCardWorksInAnotherSlot() throws Exception {
        Result result = on(board("00:1f.0"), "lspci -n; insmod edu; echo 5 > /dev/edu0; cat /dev/edu; rmmod edu");
        assertThat(result).isEqualTo(new Result(0, CHIPSET + "00:1f.0 00ff: 1234:11e8 (rev 10)\n120\n", ""));
    }

    @Test
    void twoCardsHaveANodeEach() throws Exception {
        Result result = on(
                board("00:04.0", "00:07.0"),
                "lspci -n -d 1234:; insmod edu; echo 5 > /dev/edu0; echo 6 > /dev/edu1; cat /dev/edu1; cat /dev/edu0");
        assertThat(result)
                .isEqualTo(new Result(
                        0, "00:04.0 00ff: 1234:11e8 (rev 10)\n00:07.0 00ff: 1234:11e8 (rev 10)\n720\n120\n", ""));
    }

    @Test
    void withoutACardThereIsNoNodeAndTheStatusSaysSo() throws Exception {
        Result result = on(board(), "lspci -n; insmod edu; cat /dev/edu0");
        assertThat(result).isEqualTo(new Result(1, CHIPSET, "cat: /dev/edu0: No such file or directory\n"));
    }

    @Test
    void commandsComeFromStandardInputAndItsEndEndsTheSystem() throws Exception {
        Result result = process.cardcageReading("insmod edu\ncat /dev/edu0\nexit 3\ncat /dev/edu0\n");
        assertThat(result).isEqualTo(new Result(3, "0x010000ed\n", ""));
    }

    @Test
    void commandsComeFromAFile() throws Exception {
        Path script = Files.writeString(folder.resolve("script"), "insmod edu\ncat /dev/nothing\ncat /dev/edu0\n");
        Result result = process.cardcage("-f", script.toString());
        assertThat(result).isEqualTo(new Result(0, "0x010000ed\n", "cat: /dev/nothing: No such file or directory\n"));
    }

    @Test
    void redirectionsWorkInTheHostsWorkingDirectory() throws Exception {
        Result result = process.cardcage("-c", "insmod edu; cat /dev/edu0 > id.txt; cat id.txt");
        assertThat(result).isEqualTo(new Result(0, "0x010000ed\n", ""));
        assertThat(folder.resolve("id.txt")).hasContent("0x010000ed\n");
    }

    @Test
    void theStatusIsThatOfTheLastCommand() throws Exception {
        assertThat(process.cardcage("-c", "cat /dev/nothing; echo fine").status())
                .isZero();
        assertThat(process.cardcage("-c", "nosuchcommand"))
                .isEqualTo(new Result(127, "", "cardcage: nosuchcommand: command not found\n"));
    }

    @Test
    void aNumberThatIsNoneIsAWriteError() throws Exception {
        Result result = process.cardcage("-c", "insmod edu; echo abc > /dev/edu0");
        assertThat(result).isEqualTo(new Result(1, "", "cardcage: echo: write error: Invalid argument\n"));
    }

    @Test
    void aFileThatIsNoModuleIsRefusedWithErrnoAndReasonAndLeavesNothing() throws Exception {
        Files.writeString(folder.resolve("garbage.jar"), "garbage");
        Result result = process.cardcage("-c", "insmod garbage.jar; lsmod");
        assertThat(result.out()).isEqualTo("Module                  Size  Used by\n");
        assertThat(result.err())
                .matches("(?s)\\[ *[\\d.]+] kmod: .*/garbage.jar: ENOEXEC: not a module: .*"
                        + "insmod: ERROR: could not insert module garbage.jar: Invalid module format\n");
    }

    @Test
    void theKernelCanBeKeptOffTheScreen() throws Exception {
        Result result = process.cardcage("-c", "dmesg -D; insmod edu read_mode=abc");
        assertThat(result)
                .isEqualTo(new Result(1, "", "insmod: ERROR: could not insert module edu: Invalid parameters\n"));
    }

    @Test
    void aModuleComesFromAUrlToo() throws Exception {
        Path jar = Files.createDirectories(folder.resolve("state/run/modules")).resolve("edu.jar");
        Result result = process.cardcage("-c", "insmod " + jar.toUri() + "; cat /dev/edu0; insmod file:///nothing.jar");
        assertThat(result)
                .isEqualTo(new Result(
                        1,
                        "0x010000ed\n",
                        "insmod: ERROR: could not load module file:///nothing.jar: No such file or directory\n"));
    }

    @Test
    void theFirstCardIsTheFirstNode() throws Exception {
        Result result = on(board("00:09.0", "00:04.0", "00:07.0"), "insmod edu; dmesg | grep ': id 0x'");
        assertThat(result.out().lines().map(line -> line.replaceAll(".*(0000:\\S+): (edu\\d): id.*", "$1 $2")))
                .containsExactly("0000:00:04.0 edu0", "0000:00:07.0 edu1", "0000:00:09.0 edu2");
    }

    @Test
    void aWrongBoardFileIsRefusedAndNothingRuns() throws Exception {
        Path board = Files.writeString(folder.resolve("wrong.json"), """
                {"id": "test:board:1", "configurations": {
                  "org.cardcage.board": {"ram": 0, "ramm": 1},
                  "org.cardcage.edu.devise~edu0": {"slot": "00:04.0"}}}
                """);
        Result result = on(board, "echo runs");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .startsWith(
                        "cardcage: board " + board + " is wrong:",
                        "    org.cardcage.board: ram is 0; it must be from 1 to 262144",
                        "    org.cardcage.board: unknown key \"ramm\"; known are name, ram, cpus, chipset, root_buses,"
                                + " firmware_has_run, bridges, physical_slots, bus_policy")
                .last()
                .asString()
                .startsWith("    org.cardcage.edu.devise~edu0: there is nothing of this name to configure; there is ")
                .contains("org.cardcage.board, ", "org.cardcage.edu.device~NAME");
    }

    @Test
    void aWrongSlotIsRefusedAndNothingRuns() throws Exception {
        Path board = board("00:04.0", "00:99.0", "4.0");
        Result result = on(board, "lspci -n -d 1234:");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .hasSize(3)
                .startsWith("cardcage: board " + board + " is wrong:")
                .anySatisfy(line -> assertThat(line)
                        .startsWith("    org.cardcage.edu.device~c1: slot \"00:99.0\" is no place; it must be "))
                .contains("    org.cardcage.edu.device~c2: slot \"4.0\" is taken by org.cardcage.edu.device~c0");
    }
}
