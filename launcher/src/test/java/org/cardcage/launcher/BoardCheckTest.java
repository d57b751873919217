package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoardCheckTest {

    private final Boards boards = new Boards(Distribution.shipped());

    @TempDir
    private Path folder;

    private String board(String configurations) throws Exception {
        return Files.writeString(
                        folder.resolve("board.json"),
                        "{'id': 'a:b:1', 'configurations': {'org.cardcage.board': {'bridges': ['00:1c.0=pcie-root-port']},"
                                        .replace('\'', '"')
                                + configurations.replace('\'', '"') + "}}")
                .toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"edu", "pc", "q35"})
    void theShippedBoardsAreRight(String board) throws Exception {
        assertThat(boards.find(board).complaints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'00:01.0' | slot \"00:01.0\" is taken by the chipset",
                "'00:1c' | slot \"00:1c\" is taken by org.cardcage.board",
                "'0:0:4.0' | slot \"0:0:4.0\" is taken by org.cardcage.edu.device~other",
                "'00:20.0' | slot \"00:20.0\" is no place",
                "'00:04.8' | slot \"00:04.8\" is no place",
                "'four' | slot \"four\" is no place",
                "'00:1c.0/' | slot \"00:1c.0/\" is no place",
                "'00:1d.0/00.0' | slot nothing sits at 0000:00:1d.0, where a bridge must be",
                "'80:04.0' | slot there is no root bus 0000:80; there is 0000:00"
            })
    void aWrongSlotIsRefusedByConfigurationAndKey(String slot, String why) throws Exception {
        String file = board("'org.cardcage.edu.device~other': {'slot': '00:04.0'},"
                + "'org.cardcage.edu.device~wrong': {'slot': '" + slot + "'}");

        assertThat(boards.find(file).complaints())
                .singleElement(STRING)
                .startsWith("org.cardcage.edu.device~wrong: " + why);
    }

    @Test
    void aSlotBehindABridgeOfTheBoardIsRight() throws Exception {
        String file = board("'org.cardcage.edu.device~c': {'slot': '00:1c.0/00.0'}");

        assertThat(boards.find(file).complaints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'config': ['00: 8z'] | config \"00: 8z\" is no row",
                "'config': ['ff8: 00 00 00 00 00 00 00 00 00'] | config \"ff8: 00 00 00 00 00 00 00 00 00\" goes beyond",
                "'config': ['00: 86'], 'bars': ['7=16'] | bars \"7=16\" is not BAR=SIZE",
                "'config': ['00: 86'], 'bars': ['0=17'] | bars \"0=17\" is no power of two"
            })
    void aWrongPassiveCardIsRefusedByConfigurationAndKey(String keys, String why) throws Exception {
        String file = board("'org.cardcage.passive.device~p': {'slot': '00:05.0', " + keys + "}");

        assertThat(boards.find(file).complaints())
                .singleElement(STRING)
                .startsWith("org.cardcage.passive.device~p: " + why);
    }

    @Test
    void wrongBridgesAndRootBusesAreRefused() throws Exception {
        Path file = Files.writeString(
                folder.resolve("other.json"),
                "{'id': 'a:b:1', 'configurations': {'org.cardcage.board': {'root_buses': ['x'], 'bridges': ['00:05.0=agp']}}}"
                        .replace('\'', '"'));

        assertThat(boards.find(file.toString()).complaints())
                .satisfiesExactly(
                        roots -> assertThat(roots).startsWith("org.cardcage.board: root_buses \"x\" is no root bus"),
                        bridges -> assertThat(bridges)
                                .startsWith("org.cardcage.board: bridges \"00:05.0=agp\" is not PLACE=KIND"));
    }

    @Test
    void aBoardFileWithoutTheBoardItselfIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("other.json"), "{\"id\": \"a:b:1\"}");

        assertThat(boards.find(file.toString()).complaints())
                .singleElement(STRING)
                .startsWith("org.cardcage.board is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz", "", "0x", "0x1ffffffffffffffff", "1e9", "18446744073709551616", "0x-1"})
    void aMaskThatIsNoNumberIsRefused(String mask) throws Exception {
        String file = board("'org.cardcage.edu.device~e': {'slot': '00:04.0', 'dma_mask': '" + mask + "'}");

        assertThat(boards.find(file).complaints())
                .singleElement(STRING)
                .startsWith("org.cardcage.edu.device~e: dma_mask \"" + mask + "\" is not a number of 64 bits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x0fffffff", " 0XFFFFFFFFFFFFFFFF ", "18446744073709551615", "-1", "0"})
    void aMaskThatTheCardCanReadIsRight(String mask) throws Exception {
        String file = board("'org.cardcage.edu.device~e': {'slot': '00:04.0', 'dma_mask': '" + mask + "'}");

        assertThat(boards.find(file).complaints()).isEmpty();
    }
}
