package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.cardcage.device.Bar;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationSpaceTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");

    private final Board board =
            Board.builder(new SteppedScheduler()).withoutFirmware().build();

    @BeforeEach
    void plugACardLikeEdu() {
        board.plug(SLOT, TestCard.plain());
        board.powerOn();
    }

    private int read(int offset, int size) {
        return board.readConfig(SLOT, offset, size);
    }

    private void write(int offset, int size, int value) {
        board.writeConfig(SLOT, offset, size, value);
    }

    @ParameterizedTest
    @CsvSource({
        "00, 56781234", "04, 00100000", "08, 00ff0010", "0c, 00000000", "10, 00000000", "14, 00000000",
        "2c, 11001af4", "30, 00000000", "34, 00000040", "3c, 00000100", "40, 00800005", "4c, 00000000"
    })
    void powersOnWithTheHeaderOfItsDescription(String offset, String value) {
        assertThat(Integer.toHexString(read(Integer.parseInt(offset, 16), 4)))
                .isEqualTo(value.replaceFirst("^0+(?=.)", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "00, 56781234", "04, 00100507", "08, 00ff0010", "0c, 000000ff", "10, fff00000", "14, 00000000",
        "24, 00000000", "28, 00000000", "2c, 11001af4", "30, 00000000", "34, 00000040", "38, 00000000",
        "3c, 000001ff", "40, 00810005", "44, fffffffc", "48, ffffffff", "4c, ffffffff", "50, ffffffff",
        "fc, ffffffff"
    })
    void keepsOfAllOnesOnlyTheWritableBits(String offset, String value) {
        int at = Integer.parseInt(offset, 16);

        write(at, 4, -1);

        assertThat(read(at, 4)).isEqualTo(Integer.parseUnsignedInt(value, 16));
    }

    @Test
    void actsOnTheBytesThatAnAccessCovers() {
        write(0x60, 4, 0x44332211);
        write(0x61, 1, 0xaa);
        write(0x62, 2, 0xccbb);

        assertThat(read(0x60, 4)).isEqualTo(0xccbbaa11);
        assertThat(read(0x61, 1)).isEqualTo(0xaa);
        assertThat(read(0x62, 2)).isEqualTo(0xccbb);
    }

    @Test
    void vectorCountSticksWhileMessagesAreDisabledAndClampsOnceTheyAreEnabled() {
        write(0x42, 2, 0x0070);
        assertThat(read(0x42, 2)).isEqualTo(0x00f0);

        write(0x42, 2, 0x0071);
        assertThat(read(0x42, 2)).isEqualTo(0x0081);
    }

    @Test
    void resetClearsWhatSoftwareSetUpButNotTheScratchBytes() {
        for (int offset = 0; offset < 0x100; offset += 4) {
            write(offset, 4, -1);
        }

        board.reset();

        assertThat(read(0x04, 4)).isEqualTo(0x00100000);
        assertThat(read(0x0c, 4)).isZero();
        assertThat(read(0x10, 4)).isZero();
        assertThat(read(0x3c, 4)).isEqualTo(0x0100);
        assertThat(read(0x40, 4)).isEqualTo(0x00800005);
        assertThat(read(0x44, 4)).isZero();
        assertThat(read(0x48, 4)).isZero();
        assertThat(read(0x4c, 4)).isEqualTo(0xffff0000);
        assertThat(read(0x50, 4)).isEqualTo(-1);
    }

    @Test
    void statusShowsThePinRequestWhateverTheDisableBitSays() {
        TestCard card = TestCard.plain();
        FunctionAddress slot = FunctionAddress.parse("05.0");
        board.plug(slot, card);
        board.writeConfig(slot, 0x04, 2, 0x0400);

        card.ports.setPin(true);
        assertThat(board.readConfig(slot, 0x06, 2)).isEqualTo(0x0018);

        card.ports.setPin(false);
        assertThat(board.readConfig(slot, 0x06, 2)).isEqualTo(0x0010);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x100, 0xffc})
    void conventionalFunctionAnswersAllOnesBeyondItsSpace(int offset) {
        write(offset, 4, 0);

        assertThat(read(offset, 4)).isEqualTo(-1);
    }

    @Test
    void absentFunctionReadsAllOnesOfTheSizeAsked() {
        FunctionAddress nobody = FunctionAddress.parse("1f.7");

        board.writeConfig(nobody, 0, 4, 0);

        assertThat(board.readConfig(nobody, 0, 4)).isEqualTo(-1);
        assertThat(board.readConfig(nobody, 0, 2)).isEqualTo(0xffff);
        assertThat(board.readConfig(nobody, 0, 1)).isEqualTo(0xff);
        assertThat(board.readConfig(new FunctionAddress(1, 0, 4, 0), 0, 4)).isEqualTo(-1);
        assertThat(board.readConfig(new FunctionAddress(0, 1, 4, 0), 0, 4)).isEqualTo(-1);
    }

    @Test
    void refusesCyclesThatNoBusCanMake() {
        assertThatIllegalArgumentException().isThrownBy(() -> read(2, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> read(0, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> read(4096, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> write(-4, 4, 0));
    }

    @Test
    void barsShowKindAndSizeToWhoeverWritesAllOnes() {
        FunctionAddress slot = FunctionAddress.parse("06.0");
        board.plug(
                slot,
                TestCard.with(
                        new Bar(0, Bar.Kind.MEMORY_64, true, 0x2_0000_0000L, Set.of(4)),
                        new Bar(2, Bar.Kind.IO, false, 0x20, Set.of(1, 2, 4)),
                        new Bar(3, Bar.Kind.MEMORY_32, true, 16, Set.of(4))));
        for (int at = 0x10; at < 0x28; at += 4) {
            board.writeConfig(slot, at, 4, -1);
        }

        assertThat(board.readConfig(slot, 0x10, 4)).isEqualTo(0x0000000c);
        assertThat(board.readConfig(slot, 0x14, 4)).isEqualTo(0xfffffffe);
        assertThat(board.readConfig(slot, 0x18, 4)).isEqualTo(0xffffffe1);
        assertThat(board.readConfig(slot, 0x1c, 4)).isEqualTo(0xfffffff8);
        assertThat(board.readConfig(slot, 0x20, 4)).isZero();
    }

    @Test
    void headerSaysMultiFunctionAsLongAsTheDeviceHasAFunctionOtherThanZero() {
        FunctionAddress second = SLOT.withFunction(3);
        assertThat(read(0x0e, 1)).isZero();

        board.plug(second, TestCard.plain());
        assertThat(read(0x0e, 1)).isEqualTo(0x80);
        assertThat(board.readConfig(second, 0x0e, 1)).isEqualTo(0x80);

        board.unplug(second);
        assertThat(read(0x0e, 1)).isZero();
    }

    @Test
    void chipsetFunctionsAreThereWhenAskedFor() {
        Board pc = Board.pc(new SteppedScheduler());
        pc.powerOn();

        assertThat(pc.readConfig(FunctionAddress.parse("00.0"), 0, 4)).isEqualTo(0x12378086);
        assertThat(pc.readConfig(FunctionAddress.parse("00.0"), 8, 4)).isEqualTo(0x06000002);
        assertThat(pc.readConfig(FunctionAddress.parse("01.0"), 0, 4)).isEqualTo(0x70008086);
        assertThat(pc.readConfig(FunctionAddress.parse("01.0"), 8, 4)).isEqualTo(0x06010000);
        assertThat(pc.readConfig(FunctionAddress.parse("01.0"), 0x2c, 4)).isEqualTo(0x11001af4);
        assertThat(pc.readConfig(FunctionAddress.parse("01.0"), 0x0e, 1)).isZero();
    }
}
