package org.cardcage.passive.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cardcage.board.Board;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.MsiCapability;
import org.cardcage.device.MsixCapability;
import org.cardcage.device.PowerManagementCapability;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PassiveCapabilitiesTest {

    private static final FunctionAddress CARD = FunctionAddress.parse("00:03.0");

    private static final String[] ENDPOINT = {
        "00: 34 12 e8 11 06 00 10 00 10 00 ff 00 00 00 00 00",
        "10: 00 00 80 fe 00 00 00 00 00 00 00 00 00 00 00 00",
        "30: 00 00 00 00 40 00 00 00 00 00 00 00 0b 01 00 00"
    };

    private static ConfigurationImage image(String... rows) {
        List<String> all = new ArrayList<>(List.of(ENDPOINT));
        all.addAll(Arrays.asList(rows));
        return ConfigurationImage.parse(all);
    }

    private static FunctionDescription describe(String... rows) {
        return new PassiveDevice(image(rows), PassiveBars.parse(List.of("0=1M")), true).description();
    }

    private static Board board(String... rows) {
        Board board = Board.builder(new SteppedScheduler()).firmwareHasRun().build();
        board.plug("00:03.0", new PassiveDevice(image(rows), PassiveBars.parse(List.of("0=1M")), true));
        board.powerOn();
        return board;
    }

    /** What a register reads after all ones have been written and after zeros have. */
    private static List<Integer> afterOnesAndZeros(Board board, int register, int width) {
        board.writeConfig(CARD, register, width, -1);
        int ones = board.readConfig(CARD, register, width);
        board.writeConfig(CARD, register, width, 0);
        return List.of(ones, board.readConfig(CARD, register, width));
    }

    @Test
    void powerStatesAreThoseOfTheDumpAndCanBeLeftAndEntered() {
        Board board = board("40: 01 00 03 c8 0b 00 00 00");
        assertThat(board.readConfig(CARD, 0x44, 2)).as("asleep, as in the dump").isEqualTo(0x000b);
        IoMemory bar = board.map(0xfe80_0000L, 4);
        bar.write32(0, 1);
        assertThat(board.readConfig(FunctionAddress.parse("00:00.0"), 0, 4)).isEqualTo(-1);

        board.writeConfig(CARD, 0x44, 2, 0x0108);
        assertThat(board.readConfig(CARD, 0x44, 2))
                .as("awake, may wake the machine")
                .isEqualTo(0x0108);
        board.writeConfig(CARD, 0x44, 2, 0x0001);
        assertThat(board.readConfig(CARD, 0x44, 2) & 3).as("there is no D1").isZero();
        board.writeConfig(CARD, 0x44, 2, 0x0003);
        assertThat(board.readConfig(CARD, 0x44, 2) & 3).isEqualTo(3);
    }

    @Test
    void aCardThatLosesItsStateInD3HotHasThatOfTheDumpWhenItIsBack() {
        Board board = board("40: 01 00 02 00 03 00 00 00");
        board.writeConfig(CARD, 0x10, 4, 0xfe90_0000);

        board.writeConfig(CARD, 0x44, 2, 0);

        assertThat(board.readConfig(CARD, 0x44, 2)).isZero();
        assertThat(board.readConfig(CARD, 0x10, 4)).isEqualTo(0xfe80_0000);
    }

    @Test
    void messagesCanBeEnabledAndMasked() {
        Board board = board(
                "40: 05 60 85 01 00 00 e0 fe 00 00 00 00 41 00 00 00",
                "50: 00 00 00 00 00 00 00 00 00 00 00 00",
                "60: 11 00 07 00 00 10 00 00 00 18 00 00");

        try (VectorSet vectors = board.vectors(CARD, VectorKind.MSI, 1, 4)) {
            assertThat(vectors.count()).isEqualTo(4);
            assertThat(board.readConfig(CARD, 0x42, 2)).isEqualTo(0x01a5);
        }
        assertThat(afterOnesAndZeros(board, 0x50, 4)).as("mask bits").containsExactly(0xf, 0);
        try (VectorSet vectors = board.vectors(CARD, VectorKind.MSIX, 1, 99)) {
            assertThat(vectors.count()).isEqualTo(8);
            assertThat(board.readConfig(CARD, 0x62, 2)).isEqualTo(0x8007);
        }
        board.map(0xfe80_1000L, 16).write32(8, 0x1234);
        assertThat(board.map(0xfe80_1000L, 16).read32(8))
                .as("the table is there")
                .isEqualTo(0x1234);
    }

    @ParameterizedTest
    @CsvSource({
        "0x04, 2, 0x0547, 0x0000", // command
        "0x06, 2, 0x0010, 0x0010", // status
        "0x48, 2, 0x7fff, 0x0000", // device control
        "0x4a, 2, 0x0010, 0x0010", // device status: four bits are cleared by 1
        "0x50, 2, 0x03cb, 0x0000", // link control of an endpoint
        "0x68, 2, 0xffff, 0x0000", // device control 2
        "0x104, 4, 0x08000000, 0x08000000", // uncorrectable errors: what is reserved stays
        "0x108, 4, 0x07fff030, 0x00000000", // their mask
        "0x118, 4, 0x000001e0, 0x000000a0", // what is enabled of what it can
    })
    void registersOfPciExpressAreWritableAsFarAsSoftwareWritesThem(int register, int width, int ones, int zeros) {
        Board board = board(
                "40: 10 00 02 00 e1 8f 00 10 30 29 1f 00 43 5d 47 00", "50: 40 01 43 70 00 00 00 00",
                "100: 01 00 02 00 10 00 00 08 00 00 00 00 30 20 46 00", "110: 01 00 00 00 00 20 00 00 a0 00 00 00");

        assertThat(afterOnesAndZeros(board, register, width)).containsExactly(ones, zeros);
    }

    @Test
    void aPortHasSlotAndRootRegisters() {
        Board board = board(
                "40: 10 00 42 01 00 80 00 00 00 00 00 00 13 00 00 00",
                "50: 00 00 13 70 60 00 08 00 c0 07 48 01 00 00 00 00",
                "60: 00 00 01 00");

        assertThat(afterOnesAndZeros(board, 0x58, 2)).as("slot control").containsExactly(0x3fff, 0);
        assertThat(afterOnesAndZeros(board, 0x5a, 2)).as("slot status").containsExactly(0x0040, 0x0040);
        assertThat(afterOnesAndZeros(board, 0x5c, 2)).as("root control").containsExactly(0x1f, 0);
        assertThat(afterOnesAndZeros(board, 0x60, 4)).as("root status").containsExactly(0, 0);
    }

    @Test
    void errorBitsOfTheStatusAreClearedByOnes() {
        Board board = board("00: 34 12 e8 11 06 00 10 20 10 00 ff 00 00 00 00 00");
        assertThat(board.readConfig(CARD, 0x06, 2)).isEqualTo(0x2010);

        board.writeConfig(CARD, 0x06, 2, 0x2000);

        assertThat(board.readConfig(CARD, 0x06, 2)).isEqualTo(0x0010);
    }

    @Test
    void whatWorksIsFoundInTheList() {
        FunctionDescription d = describe(
                "40: 01 50 02 06 00 00 00 00 05 00 00 00 00 00 00 00", // the second one is not in the list
                "50: 05 60 8a 00 00 00 00 00 00 00 00 00 00 00 00 00",
                "60: 11 00 20 00 00 00 08 00 00 00 00 00");

        assertThat(d.capability(PowerManagementCapability.class))
                .contains(new PowerManagementCapability(0x40, true, true, 0, true));
        assertThat(d.capability(MsiCapability.class)).contains(new MsiCapability(0x50, 32, true));
        assertThat(d.capability(MsixCapability.class)).contains(new MsixCapability(0x60, 33, 0, 0x80000, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "40: 05 40 80 00", // itself
                "40: 05 00 8e 00", // 128 vectors
                "40: 11 00 ff 07 00 00 00 00 00 80 00 00", // pending bits inside the table
                "40: 11 00 07 00 07 00 00 00 07 18 00 00", // a BAR that there is not
                "40: 11 00 07 00 00 00 10 00 00 18 00 00", // a table behind the end of its BAR
                "40: 11 44 07 00 05 00 80 00 00 00 00 00", // two that overlap
                "40: 01 fc 03 00",
                "40: ff ff ff ff",
            })
    void whatCannotWorkIsCarriedAllTheSame(String row) {
        String[] rows = {row, "f8: 00 00 00 00 05 f8 80 01"};
        Board board = board(rows);

        ConfigurationImage image = image(rows);
        for (int at = 0; at < 0x100; at += 4) {
            assertThat(board.readConfig(CARD, at, 4)).as("0x%x", at).isEqualTo(image.read(at, 4));
        }
    }

    @Test
    void aListOfExtendedCapabilitiesThatRunsInCirclesEnds() {
        assertThat(describe(
                                "100: 01 00 02 14",
                                "140: 0d 00 01 10",
                                "ff0: 00 00 00 00 00 00 00 00 00 00 00 00 01 00 02 00")
                        .configurationSize())
                .isEqualTo(4096);
    }
}
