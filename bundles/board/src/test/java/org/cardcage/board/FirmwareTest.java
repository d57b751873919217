package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cardcage.device.Bar;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirmwareTest {

    private static final int MIB = 1 << 20;

    private final List<String> reports = new ArrayList<>();
    private final SteppedScheduler scheduler = new SteppedScheduler();

    private Board board() {
        return Board.builder(scheduler).reporter(reports::add).build();
    }

    private static FunctionAddress slot(int device) {
        return new FunctionAddress(0, 0, device, 0);
    }

    private static long base(Board board, FunctionAddress slot, int bar) {
        return board.readConfig(slot, 0x10 + 4 * bar, 4) & 0xfffffff0L;
    }

    @Test
    void aLoneEduCardGetsTheAddressItHasOnAPc() {
        Board board = board();
        board.plug(slot(4), TestCard.plain());
        board.powerOn();

        assertThat(base(board, slot(4), 0)).isEqualTo(0xfea00000L);
        assertThat(board.readConfig(slot(4), 0x04, 2)).isEqualTo(0x0103);
        assertThat(board.readConfig(slot(4), 0x3c, 1)).isEqualTo(11);
        assertThat(board.description().firmwareHasRun()).isTrue();
        assertThat(reports).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 31})
    void placesAnyNumberOfCardsWithoutOverlapInsideTheWindow(int count) {
        Board board = board();
        for (int i = 1; i <= count; i++) {
            board.plug(slot(i), TestCard.with(Bar.memory32(0, (long) MIB << (i % 4), 4)));
        }
        board.powerOn();

        List<AddressRange> placed = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            AddressRange range = new AddressRange(base(board, slot(i), 0), (long) MIB << (i % 4));
            assertThat(range.start() % range.length()).isZero();
            assertThat(placed).noneMatch(range::overlaps);
            assertThat(board.description().hostBridges().get(0).memory().get(0).contains(range.start(), range.length()))
                    .isTrue();
            placed.add(range);
        }
        assertThat(reports).isEmpty();
    }

    @Test
    void portBarsGoUpFromC000() {
        Board board = board();
        Bar io = new Bar(0, Bar.Kind.IO, false, 0x40, Set.of(1, 2, 4));
        board.plug(slot(3), TestCard.with(io));
        board.plug(slot(4), TestCard.with(io));
        board.powerOn();

        assertThat(board.readConfig(slot(3), 0x10, 4)).isEqualTo(0xc001);
        assertThat(board.readConfig(slot(4), 0x10, 4)).isEqualTo(0xc041);
    }

    @Test
    void aBarTooLargeForTheWindowStaysOffAndIsReported() {
        Board board =
                Board.builder(scheduler).ram(3L << 30).reporter(reports::add).build();
        board.plug(slot(3), TestCard.with(Bar.memory32(0, 1L << 31, 4)));
        board.plug(slot(4), TestCard.plain());
        board.powerOn();

        assertThat(board.readConfig(slot(3), 0x10, 4)).isZero();
        assertThat(base(board, slot(4), 0)).isNotZero();
        assertThat(reports).singleElement().asString().contains("0000:00:03.0", "BAR 0", "0x80000000");
    }

    @Test
    void aWideBarThatDoesNotFitBelowGoesAbove4GiB() {
        Board board =
                Board.builder(scheduler).ram(4L << 30).reporter(reports::add).build();
        board.plug(slot(3), TestCard.with(new Bar(0, Bar.Kind.MEMORY_64, true, 4L << 30, Set.of(4, 8))));
        board.powerOn();

        long upper = board.readConfig(slot(3), 0x14, 4);
        assertThat(upper).isGreaterThan(1);
        assertThat(reports).isEmpty();
    }

    @Test
    void aHotPluggedCardFindsAPlaceBesideTheOthers() {
        Board board = board();
        board.plug(slot(4), TestCard.plain());
        board.powerOn();
        long first = base(board, slot(4), 0);

        board.plug(slot(5), TestCard.plain());
        board.plug(slot(6), TestCard.plain());

        assertThat(base(board, slot(4), 0)).isEqualTo(first);
        assertThat(List.of(first, base(board, slot(5), 0), base(board, slot(6), 0)))
                .doesNotHaveDuplicates()
                .doesNotContain(0L);
        assertThat(board.readConfig(slot(6), 0x04, 2) & 3).isEqualTo(3);
    }

    @Test
    void thePlaceOfAPulledCardIsUsedAgain() {
        Board board = board();
        board.plug(slot(4), TestCard.plain());
        board.powerOn();
        long first = base(board, slot(4), 0);

        board.unplug(slot(4));
        board.plug(slot(9), TestCard.plain());

        assertThat(base(board, slot(9), 0)).isEqualTo(first);
    }

    @Test
    void aHotPluggedCardKeepsClearOfWhereSoftwareMovedAnother() {
        Board board = board();
        board.plug(slot(4), TestCard.plain());
        board.powerOn();
        board.writeConfig(slot(4), 0x10, 4, 0xfe900000);

        board.plug(slot(5), TestCard.plain());
        board.plug(slot(6), TestCard.plain());

        assertThat(List.of(base(board, slot(5), 0), base(board, slot(6), 0))).containsExactly(0xfea00000L, 0xfe800000L);
    }

    @Test
    void runsAgainAfterAReset() {
        Board board = board();
        board.plug(slot(4), TestCard.plain());
        board.powerOn();

        board.reset();

        assertThat(base(board, slot(4), 0)).isEqualTo(0xfea00000L);
    }

    @Test
    void findsFunctionsOtherThanZero() {
        Board board = board();
        board.plug(slot(4), TestCard.plain());
        board.plug(slot(4).withFunction(7), TestCard.plain());
        board.powerOn();

        assertThat(base(board, slot(4).withFunction(7), 0)).isNotZero();
    }
}
