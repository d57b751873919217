package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cardcage.device.Bar;
import org.cardcage.device.BridgeHeader;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.RegisterBits;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Functions whose configuration space is wrong: firmware ends, says so, and the others get what they need. */
class HostileFirmwareTest {

    private final List<String> reports = new ArrayList<>();
    private final Board board =
            Board.builder(new SteppedScheduler()).reporter(reports::add).build();

    private static Bridge wrong(RegisterBits... registers) {
        return Bridge.of(FunctionDescription.of(0x1234, 0x5678, 0x060400)
                .registers(registers)
                .build());
    }

    @BeforeEach
    void goodCardsOnBothSides() {
        board.plug("03.0", Bridge.pci());
        board.plug("03.0/00.0", TestCard.plain());
        board.plug("1f.0", Bridge.pci());
        board.plug("1f.0/00.0", TestCard.plain());
    }

    @AfterEach
    void theOthersWork() {
        for (String path : List.of("03.0/00.0", "1f.0/00.0")) {
            FunctionAddress function = board.address(path).orElseThrow();
            long base = board.readConfig(function, 0x10, 4) & 0xffff_fff0L;
            assertThat(board.map(base, 4).read32(0)).as(path).isZero();
        }
    }

    @Test
    void aBridgeThatNamesAnEarlierBusForEver() {
        board.plug("04.0", wrong(RegisterBits.fixed(0x0e, 1, 1), RegisterBits.fixed(0x18, 4, 0x010100)));
        board.plug("05.0", wrong(RegisterBits.fixed(0x0e, 1, 1), RegisterBits.fixed(0x18, 4, 0)));
        board.powerOn();

        assertThat(reports).hasSize(2).allMatch(r -> r.contains("does not take bus numbers"));
    }

    @Test
    void aBridgeThatTakesNumbersButLeadsNowhere() {
        board.plug("04.0", wrong(RegisterBits.fixed(0x0e, 1, 0x81), new RegisterBits(0x18, 4, 0, -1)));
        board.powerOn();

        assertThat(reports).isEmpty();
        assertThat(board.address("1f.0/00.0")).contains(FunctionAddress.parse("03:00.0"));
    }

    @Test
    void aHeaderOfAnUnknownKind() {
        board.plug("04.0", wrong(RegisterBits.fixed(0x0e, 1, 0x7f)));
        board.powerOn();

        assertThat(reports).singleElement().asString().contains("0000:00:04.0", "not a plain function");
    }

    @Test
    void barsThatAreNoBars() {
        board.plug(
                "04.0",
                wrong(
                        RegisterBits.fixed(0x10, 4, -1),
                        RegisterBits.fixed(0x14, 4, 0x1234_5670),
                        RegisterBits.fixed(0x18, 4, 0xf),
                        RegisterBits.fixed(0x1c, 4, 5),
                        RegisterBits.fixed(0x30, 4, -1)));
        board.powerOn();

        assertThat(reports).isEmpty();
    }

    @Test
    void aBarOfABridgeThatWouldReachIntoItsBusNumbers() {
        board.plug(
                "04.0",
                Bridge.of(FunctionDescription.of(0x1234, 0x5678, 0x060400)
                        .bridge(BridgeHeader.usual())
                        .registers(new RegisterBits(0x14, 4, 4, 0xffff_f000))
                        .build()));
        board.plug("04.0/00.0", TestCard.plain());
        board.powerOn();

        assertThat(board.address("04.0/00.0")).contains(FunctionAddress.parse("02:00.0"));
        assertThat(reports).isEmpty();
    }

    @Test
    void aBarOfHalfTheAddressSpace() {
        Bar monster = new Bar(0, Bar.Kind.MEMORY_64, true, 1L << 62, Set.of(4));
        Bar twin = new Bar(2, Bar.Kind.MEMORY_64, true, 1L << 62, Set.of(4));
        board.plug("04.0", TestCard.with(monster, twin));
        board.plug("03.0/01.0", TestCard.with(monster, twin), TestCard.with(monster, twin));
        board.powerOn();

        assertThat(reports).hasSize(6).allMatch(r -> r.contains("of 0x4000000000000000 bytes"));
    }

    @Test
    void capabilitiesThatPointAtThemselves() {
        board.plug(
                "04.0",
                Bridge.of(FunctionDescription.of(0x1b36, 0x5678, 0x060400)
                        .bridge(BridgeHeader.usual())
                        .registers(
                                RegisterBits.fixed(0x06, 2, 0x10),
                                RegisterBits.fixed(0x34, 1, 0x40),
                                RegisterBits.fixed(0x40, 2, 0x4001))
                        .build()));
        board.powerOn();

        assertThat(reports).isEmpty();
    }
}
