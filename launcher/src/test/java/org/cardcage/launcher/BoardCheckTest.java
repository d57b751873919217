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
                "'80:04.0' | slot there is no root bus 0000:80; there is 0000:00",
                "'00:1c.0/01.0' | slot the link of the port at 0000:00:1c.0 leads to device 0 only",
                "'00:04.0/00.0' | slot what sits at 0000:00:04.0 is no bridge",
                "'00:01.0/00.0' | slot what sits at 0000:00:01.0 is no bridge",
                "'' | slot \"\" is no place"
            })
    void aWrongSlotIsRefusedByConfigurationAndKey(String slot, String why) throws Exception {
        String file = board("'org.cardcage.edu.device~other': {'slot': '00:04.0'},"
                + "'org.cardcage.edu.device~wrong': {'slot': '" + slot + "'}");

        assertThat(boards.find(file).complaints())
                .singleElement(STRING)
                .startsWith("org.cardcage.edu.device~wrong: " + why);
    }

    @Test
    void aPassivePortLeadsToDevice0OnlyAndAPassiveCardNowhere() throws Exception {
        String file = board("'org.cardcage.passive.device~port': {'slot': '00:06.0', 'config': ["
                + "'00: 36 1b 0c 00 07 05 10 00 00 00 04 06 00 00 01 00', '34: 40', '40: 10 00 42 01']},"
                + "'org.cardcage.passive.device~card': {'slot': '00:07.0', 'config': ['00: 36 1b 0c 00']},"
                + "'org.cardcage.edu.device~right': {'slot': '00:06.0/00.0'},"
                + "'org.cardcage.edu.device~a': {'slot': '00:06.0/02.0'},"
                + "'org.cardcage.edu.device~b': {'slot': '00:07.0/00.0'}");

        assertThat(boards.find(file).complaints())
                .containsExactly(
                        "org.cardcage.edu.device~a: slot the link of the port at 0000:00:06.0 leads to device 0 only",
                        "org.cardcage.edu.device~b: slot what sits at 0000:00:07.0 is no bridge");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'root_buses': ['80 mem d0000000-c0000000'] | root_buses \"80 mem d0000000-c0000000\": mem d0000000-c0000000 ends",
                "'root_buses': ['80 port 0-10000'] | root_buses \"80 port 0-10000\": port 0-10000 goes beyond port ffff",
                "'root_buses': ['80 mem c0000000'] | root_buses \"80 mem c0000000\" is no root bus",
                "'physical_slots': ['00:04.0'] | physical_slots \"00:04.0\" is not PLACE=NUMBER",
                "'physical_slots': ['x=4'] | physical_slots \"x=4\" is not PLACE=NUMBER",
                "'bridges': ['00:05.0'] | bridges \"00:05.0\" is not PLACE=KIND",
                "'bridges': ['00:05.0/00.0=pci-bridge'] | bridges nothing sits at 0000:00:05.0, where a bridge must be",
                "'bridges': ['00:05.0=pci-bridge', '00:05.0=pci-bridge'] | bridges \"00:05.0\" is taken by org.cardcage.board"
            })
    void aWrongBoardIsRefusedByKey(String keys, String why) throws Exception {
        Path file = Files.writeString(
                folder.resolve("other.json"),
                ("{'id': 'a:b:1', 'configurations': {'org.cardcage.board': {" + keys + "}}}").replace('\'', '"'));

        assertThat(boards.find(file.toString()).complaints())
                .singleElement(STRING)
                .startsWith("org.cardcage.board: " + why);
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
