package org.cardcage.passive.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.cardcage.board.Board;
import org.cardcage.board.Bridge;
import org.cardcage.board.Card;
import org.cardcage.board.SlotPath;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassiveDeviceTest {

    private static final FunctionAddress CARD = FunctionAddress.parse("00:03.0");
    private static final FunctionAddress BRIDGE = FunctionAddress.parse("00:05.0");
    private static final FunctionAddress BEHIND = FunctionAddress.parse("07:01.0");

    /** A network card as a firmware has left it, with an I/O BAR, a ROM and a capability. */
    private static final ConfigurationImage NETWORK = ConfigurationImage.parse(List.of(
            "00: 86 80 0e 10 07 01 10 02 03 00 00 02 10 40 00 00",
            "10: 00 00 b4 fe 01 d0 00 00 0c 00 00 00 40 00 00 00",
            "20: 00 00 00 00 00 00 00 00 00 00 00 00 f4 1a 00 11",
            "30: 00 00 b0 fe dc 00 00 00 00 00 00 00 0b 01 ff 00",
            "d0: 00 00 00 00 00 00 00 00 00 00 00 00 01 e0 22 c8",
            "100: 01 00 02 14 00 00 00 00"));

    private static final PassiveBars NETWORK_BARS = PassiveBars.parse(List.of("0=128K", "1=64", "2=1G", "rom=256K"));

    /** A bridge to bus 7 whose windows are open. */
    private static final ConfigurationImage PCI_BRIDGE = ConfigurationImage.parse(List.of(
            "00: 36 1b 01 00 07 01 b0 00 00 00 04 06 00 00 01 00",
            "10: 04 10 b7 fe 00 00 00 00 00 07 09 20 c1 c1 a0 02",
            "20: 80 fe 90 fe 01 fe 11 fe 01 00 00 00 01 00 00 00",
            "30: 00 00 00 00 40 00 00 00 00 00 00 00 0a 01 02 00",
            "40: 0c 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"));

    private static final ConfigurationImage EDU = ConfigurationImage.parse(List.of(
            "00: 34 12 e8 11 03 01 00 00 10 00 ff 00 00 00 00 00",
            "10: 00 00 80 fe 00 00 00 00 00 00 00 00 00 00 00 00",
            "20: 00 00 00 00 00 00 00 00 00 00 00 00 f4 1a 00 11",
            "30: 00 00 00 00 00 00 00 00 00 00 00 00 0a 01 00 00"));

    private static Board board(boolean settled) {
        var builder = Board.builder(new SteppedScheduler());
        Board board = (settled ? builder.firmwareHasRun() : builder).build();
        board.plug(SlotPath.parse("00:03.0"), Card.of(new PassiveDevice(NETWORK, NETWORK_BARS, settled)));
        board.plug("00:05.0", new PassiveDevice(PCI_BRIDGE, PassiveBars.parse(List.of("0=256")), settled));
        board.plug("00:05.0/01.0", new PassiveDevice(EDU, PassiveBars.parse(List.of("0=1M")), settled));
        board.powerOn();
        return board;
    }

    private static void assertReads(Board board, FunctionAddress at, ConfigurationImage image) {
        for (int offset = 0; offset < image.size(); offset += 4) {
            assertThat(board.readConfig(at, offset, 4))
                    .as("%s at 0x%x", at, offset)
                    .isEqualTo(image.read(offset, 4));
        }
    }

    @Test
    void aSettledFunctionReadsAsItsDumpAndSoItDoesAfterAReset() {
        Board board = board(true);
        assertReads(board, CARD, NETWORK);
        assertReads(board, BRIDGE, PCI_BRIDGE);
        assertReads(board, BEHIND, EDU);

        board.writeConfig(CARD, 0x10, 4, 0);
        board.writeConfig(CARD, 0x04, 2, 0);
        board.reset();

        assertReads(board, CARD, NETWORK);
        assertThat(board.description().firmwareHasRun()).isTrue();
    }

    @Test
    void itsBarsCanBeSizedAndDecodeTheAddressesOfTheDump() {
        Board board = board(true);

        board.writeConfig(CARD, 0x10, 4, -1);
        assertThat(board.readConfig(CARD, 0x10, 4)).isEqualTo(-(128 << 10));
        board.writeConfig(CARD, 0x14, 4, -1);
        assertThat(board.readConfig(CARD, 0x14, 4)).isEqualTo(-64 | 1);
        board.writeConfig(CARD, 0x30, 4, -2);
        assertThat(board.readConfig(CARD, 0x30, 4)).isEqualTo(-(256 << 10));

        IoMemory behind = board.map(0xfe80_0000L, 0x1000);
        behind.write32(0, 5);
        assertThat(behind.read32(0)).isEqualTo(-1);
        assertThat(board.readConfig(BRIDGE, 0x1e, 2))
                .as("no master abort: the card has taken it")
                .isEqualTo(0x02a0);
    }

    @Test
    void withFirmwareItGetsAddressesAndNumbersLikeAnyCard() {
        Board board = board(false);
        FunctionAddress behind = board.address("00:05.0/01.0").orElseThrow();

        assertThat(behind).isEqualTo(FunctionAddress.parse("01:01.0"));
        assertThat(board.readConfig(behind, 0x00, 4)).isEqualTo(0x11e81234);
        assertThat(board.readConfig(behind, 0x04, 2) & 3).isEqualTo(3);
        assertThat(board.readConfig(behind, 0x10, 4)).isNotZero();
        assertThat(board.readConfig(CARD, 0xdc, 4)).isEqualTo(0xc822e001);
        assertThat(board.readConfig(CARD, 0x100, 4)).isEqualTo(0x14020001);
    }

    private static PassiveDevice cardOfOneMebibyte() {
        ConfigurationImage image = ConfigurationImage.parse(List.of("00: 34 12 e9 11 00 00 00 00 10 00 ff 00"));
        return new PassiveDevice(image, PassiveBars.parse(List.of("0=1M")), false);
    }

    private static long bar0(Board board, String slot) {
        return board.readConfig(board.address(slot).orElseThrow(), 0x10, 4) & 0xffff_ffffL;
    }

    @Test
    void aCardThatComesLaterGetsWhatIsFreeThoughOtherFirmwareHasRun() {
        Board board = board(true);

        board.plug("00:06.0", cardOfOneMebibyte());
        board.plug("00:05.0/02.0", cardOfOneMebibyte());

        assertReads(board, CARD, NETWORK);
        assertReads(board, BRIDGE, PCI_BRIDGE);
        assertReads(board, BEHIND, EDU);
        assertThat(bar0(board, "00:05.0/02.0"))
                .as("beside EDU in the bridge's window")
                .isEqualTo(0xfe90_0000L);
        assertThat(bar0(board, "00:06.0")).isBetween(0x1000_0000L, 0xfeb0_0000L).isNotIn(0xfe80_0000L, 0xfe90_0000L);
        assertThat(board.map(bar0(board, "00:05.0/02.0"), 4).read32(0)).isEqualTo(-1);
        assertThat(board.readConfig(BRIDGE, 0x1e, 2)).as("no master abort").isEqualTo(0x02a0);
    }

    @Test
    void aBridgeThatComesLaterGetsBusNumbersThatAreFree() {
        Board board = board(true);

        board.plug("00:06.0", Bridge.pci());
        board.plug("00:06.0/01.0", cardOfOneMebibyte());
        board.plug("00:05.0/03.0", Bridge.pci());
        board.plug("00:05.0/03.0/01.0", cardOfOneMebibyte());

        assertThat(board.address("00:06.0/01.0")).contains(FunctionAddress.parse("0a:01.0"));
        assertThat(board.address("00:05.0/03.0/01.0")).contains(FunctionAddress.parse("08:01.0"));
        assertThat(bar0(board, "00:06.0/01.0")).isNotZero();
        assertThat(bar0(board, "00:05.0/03.0/01.0")).isBetween(0xfe80_0000L, 0xfe9f_ffffL);
    }

    @Test
    void whatOnlyTheDumpKnowsCannotBeWritten() {
        Board board = board(false);

        board.writeConfig(CARD, 0xdc, 4, 0);
        board.writeConfig(CARD, 0x06, 2, -1);
        board.writeConfig(CARD, 0x2c, 4, 0);

        assertThat(board.readConfig(CARD, 0xdc, 4)).isEqualTo(0xc822e001);
        assertThat(board.readConfig(CARD, 0x06, 2)).isEqualTo(0x0210);
        assertThat(board.readConfig(CARD, 0x2c, 4)).isEqualTo(0x11001af4);
    }

    @ParameterizedTest
    @CsvSource({
        "'0=128K,1=64,2=1G', the expansion ROM has the address 0xfeb00000",
        "'1=64,2=1G,rom=256K', 'BAR 0 holds the address 0xfeb40000'",
        "'0=1M,1=64,2=1G,rom=256K', 'address 0xfeb40000 is no multiple of the size 0x100000'"
    })
    void anAddressNeedsASizeThatFits(String sizes, String said) {
        PassiveBars bars = PassiveBars.parse(List.of(sizes.split(",")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PassiveDevice(NETWORK, bars, false))
                .withMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource({"0:16", "6=16", "0=3", "0=x", "'0=16,0=32'", "rom=1P"})
    void wrongSizesAreRefused(String sizes) {
        assertThatIllegalArgumentException().isThrownBy(() -> PassiveBars.parse(List.of(sizes.split(","))));
    }

    @ParameterizedTest
    @CsvSource({"'00:'", "'0: 00'", "'00: 0'", "'ff8: 00 00 00 00 00 00 00 00 00'", "'rows'"})
    void wrongRowsAreRefused(String row) {
        assertThatIllegalArgumentException().isThrownBy(() -> ConfigurationImage.parse(List.of(row)));
    }

    @Test
    void aCardBusBridgeAndGarbageAreCarriedToo() {
        ConfigurationImage cardBus = ConfigurationImage.parse(List.of(
                "00: 80 11 76 04 07 01 10 02 b3 00 07 06 00 a8 82 00", "10: 00 00 10 f0 dc 00 00 02 00 02 05 b0"));
        ConfigurationImage garbage = ConfigurationImage.parse(List.of(
                "00: 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 7e 55",
                "30: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff"));
        Board board = Board.builder(new SteppedScheduler()).firmwareHasRun().build();
        board.plug("00:01.0", new PassiveDevice(cardBus, PassiveBars.parse(List.of()), true));
        board.plug("00:02.0", new PassiveDevice(garbage, PassiveBars.parse(List.of()), true));
        board.plug("00:03.0", new PassiveDevice(cardBus, PassiveBars.parse(List.of("0=4K")), true));
        board.powerOn();

        assertReads(board, FunctionAddress.parse("00:01.0"), cardBus);
        assertReads(board, FunctionAddress.parse("00:02.0"), garbage);
        assertReads(board, CARD, cardBus);
        board.writeConfig(CARD, 0x10, 4, -1);
        assertThat(board.readConfig(CARD, 0x10, 4)).isEqualTo(-4096);
        board.writeConfig(CARD, 0x18, 4, 0x40050201);
        assertThat(board.readConfig(CARD, 0x18, 4)).as("bus numbers").isEqualTo(0x40050201);
    }
}
