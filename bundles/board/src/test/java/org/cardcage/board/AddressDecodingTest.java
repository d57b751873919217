package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.cardcage.device.Bar;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AddressDecodingTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    private static final long BASE = 0xfe00_0000L;
    private static final long SIZE = 0x10_0000;

    private final Board board = Board.builder(new SteppedScheduler())
            .withoutFirmware()
            .ram(64 << 20)
            .build();
    private final TestCard card = TestCard.plain();

    @BeforeEach
    void plugACardAndEnableDecoding() {
        board.plug(SLOT, card);
        board.powerOn();
        setBar(BASE);
        board.writeConfig(SLOT, 0x04, 2, 2);
        card.cells[0] = 0x8877_6655_4433_2211L;
        card.cells[511] = 0x0102_0304_0506_0708L;
        card.journal.clear();
    }

    private void setBar(long base) {
        board.writeConfig(SLOT, 0x10, 4, (int) base);
    }

    @ParameterizedTest
    @EnumSource(BusPolicy.class)
    void whatNothingClaimsIsAnsweredByTheBusPolicy(BusPolicy policy) {
        Board empty = Board.builder(new SteppedScheduler()).busPolicy(policy).build();
        empty.powerOn();
        IoMemory nothing = empty.map(BASE, 16);

        nothing.write64(0, 5);

        boolean pci = policy == BusPolicy.PCI;
        assertThat(nothing.read8(1)).isEqualTo(pci ? 0xff : 0);
        assertThat(nothing.read16(1)).isEqualTo(pci ? 0xffff : 0);
        assertThat(nothing.read32(0)).isEqualTo(pci ? -1 : 0);
        assertThat(nothing.read64(3)).isEqualTo(pci ? -1 : 0);
        assertThat(empty.mapPorts(0xc000, 4).read32(0)).isEqualTo(pci ? -1 : 0);
    }

    @Test
    void aMappingReachesTheModelWithTheOffsetInTheBar() {
        IoMemory part = board.map(BASE + 0x100, 0x10);

        part.write32(4, 0xcafe);
        part.read64(8);

        assertThat(card.journal).containsExactly("write 0:104/4=cafe", "read 0:108/8");
        assertThat(part.address()).isEqualTo(BASE + 0x100);
        assertThat(part.length()).isEqualTo(0x10);
    }

    @Test
    void theWindowEndsExactlyWhereTheBarEnds() {
        IoMemory around = board.map(BASE - 8, SIZE + 16);

        assertThat(around.read32(4)).isEqualTo(-1);
        assertThat(around.read32(8)).isEqualTo(0x44332211);
        assertThat(around.read32(SIZE + 4)).isEqualTo(0x01020304);
        assertThat(around.read32(SIZE + 8)).isEqualTo(-1);
        assertThat(card.journal).containsExactly("read 0:0/4", "read 0:ffffc/4");
    }

    @Test
    void anAccessOutsideTheHandleIsACallersMistake() {
        IoMemory regs = board.map(BASE, 0x100);

        assertThat(regs.read32(0xfc)).isZero();
        for (long offset : new long[] {-1, -4, 0xfd, 0x100, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> regs.read32(offset)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> regs.write32(offset, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> regs.read(0, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> regs.read(0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> regs.write(0, 12, 0));
    }

    @Test
    void anExistingMappingFollowsWhenTheBarMoves() {
        IoMemory old = board.map(BASE, SIZE);
        IoMemory fresh = board.map(0xfd00_0000L, SIZE);
        assertThat(fresh.read32(0)).isEqualTo(-1);

        setBar(0xfd00_0000L);

        assertThat(old.read32(0)).isEqualTo(-1);
        assertThat(fresh.read32(0)).isEqualTo(0x44332211);

        board.writeConfig(SLOT, 0x13, 1, 0xfe);
        assertThat(old.read32(0)).isEqualTo(0x44332211);
    }

    @Test
    void anExistingMappingGoesDeadWhenDecodingIsSwitchedOff() {
        IoMemory regs = board.map(BASE, SIZE);

        board.writeConfig(SLOT, 0x04, 2, 0);
        assertThat(regs.read32(0)).isEqualTo(-1);
        regs.write32(0, 7);
        assertThat(card.journal).isEmpty();

        board.writeConfig(SLOT, 0x04, 2, 2);
        assertThat(regs.read32(0)).isEqualTo(0x44332211);
    }

    @Test
    void barsAtZeroAndAtTheEndOfTheSpaceDecodeNothing() {
        setBar(0);
        assertThat(board.map(0xa0000, 4).read32(0)).isZero();
        setBar(-1);
        assertThat(board.map(0xfff0_0000L, 4).read32(0)).isEqualTo(-1);
        setBar(0xffe0_0000L);
        assertThat(board.map(0xffe0_0000L, 4).read32(0)).isEqualTo(0x44332211);
        assertThat(card.journal).hasSize(1);
    }

    @Test
    void ramWinsOverABar() {
        IoMemory there = board.map(0x40_0000, SIZE);
        there.write32(0, 0x3c3c3c3c);

        setBar(0x40_0000);

        assertThat(there.read32(0)).isEqualTo(0x3c3c3c3c);
        assertThat(card.journal).isEmpty();
        setBar(64 << 20);
        assertThat(board.map(64 << 20, 4).read32(0)).isEqualTo(0x44332211);
    }

    @Test
    void theMessageWindowWinsOverABar() {
        setBar(0xfee0_0000L);

        assertThat(board.map(0xfee0_0000L, 4).read32(0)).isEqualTo(-1);
        assertThat(card.journal).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "4, 8, 'read 0:4/4;read 0:8/4'",
        "0, 8, 'read 0:0/8'",
        "c, 4, 'read 0:c/4'",
        "2, 4, ''",
        "1, 8, 'read 0:4/4'",
        "2, 8, 'read 0:4/4'",
        "0, 1, ''",
        "2, 2, ''"
    })
    void anOddAccessIsCutIntoAlignedPiecesAndTooSmallOnesStopInTheBus(String offset, int size, String seen) {
        IoMemory regs = board.map(BASE, SIZE);

        regs.read(Long.parseLong(offset, 16), size);

        assertThat(String.join(";", card.journal)).isEqualTo(seen);
    }

    @Test
    void theValueOfAnOddReadHasZerosForThePiecesThatStoppedInTheBus() {
        IoMemory regs = board.map(BASE, SIZE);
        card.cells[1] = 0xffee_ddcc_bbaa_9988L;

        assertThat(regs.read(1, 8)).isEqualTo(0x0088_7766_5500_0000L);
        assertThat(regs.read(4, 8)).isEqualTo(0xbbaa_9988_8877_6655L);
        assertThat(regs.read8(0)).isZero();
    }

    @Test
    void anOddWriteIsCutLikeARead() {
        IoMemory regs = board.map(BASE, SIZE);

        regs.write64(4, 0x1111_2222_3333_4444L);
        regs.write64(0x11, 0x8877_6655_4433_2211L);

        assertThat(card.journal)
                .containsExactly("write 0:4/4=33334444", "write 0:8/4=11112222", "write 0:14/4=77665544");
    }

    @Test
    void anAccessWiderThanTheBarTakesIsCutDown() {
        FunctionAddress slot = FunctionAddress.parse("05.0");
        TestCard narrow = TestCard.with(Bar.memory32(0, 0x1000, 1, 2));
        board.plug(slot, narrow);
        board.writeConfig(slot, 0x10, 4, 0xfd000000);
        board.writeConfig(slot, 0x04, 2, 2);
        narrow.journal.clear();

        board.map(0xfd00_0000L, 8).read32(4);

        assertThat(narrow.journal).containsExactly("read 0:4/2", "read 0:6/2");
    }

    @Test
    void portBarsAnswerInPortSpaceOnlyAndOnlyWithTheIoBit() {
        FunctionAddress slot = FunctionAddress.parse("05.0");
        TestCard io = TestCard.with(new Bar(1, Bar.Kind.IO, false, 0x10, Set.of(1, 2, 4)));
        board.plug(slot, io);
        board.writeConfig(slot, 0x14, 4, 0xc000);
        IoMemory ports = board.mapPorts(0xc000, 0x10);
        board.writeConfig(slot, 0x04, 2, 2);
        assertThat(ports.read8(0)).isEqualTo(0xff);

        board.writeConfig(slot, 0x04, 2, 1);
        io.journal.clear();
        ports.write8(3, 0x5a);

        assertThat(ports.read8(3)).isEqualTo(0x5a);
        assertThat(io.journal).containsExactly("write 1:3/1=5a", "read 1:3/1");
        assertThat(board.map(0xc000, 4).read8(3)).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> board.mapPorts(0xffff, 2));
    }

    @Test
    void wideBarsDecodeAbove4GiB() {
        FunctionAddress slot = FunctionAddress.parse("05.0");
        TestCard wide = TestCard.with(new Bar(0, Bar.Kind.MEMORY_64, true, 0x1000, Set.of(4, 8)));
        board.plug(slot, wide);
        board.writeConfig(slot, 0x10, 4, 0x2000);
        board.writeConfig(slot, 0x14, 4, 0x12);
        board.writeConfig(slot, 0x04, 2, 2);

        board.map(0x12_0000_2000L, 0x1000).write32(8, 1);

        assertThat(wide.journal).contains("write 0:8/4=1");
    }

    @Test
    void aRevokedMappingThrowsTheFirstReason() {
        IoMemory regs = board.map(BASE, SIZE);

        regs.revoke(() -> new IllegalStateException("first"));
        regs.revoke(() -> new IllegalStateException("second"));

        assertThatThrownBy(() -> regs.read32(0)).hasMessage("first");
        assertThatThrownBy(() -> regs.write8(0, 1)).hasMessage("first");
        setBar(0xfd00_0000L);
        setBar(BASE);
        assertThatThrownBy(() -> regs.read32(0)).hasMessage("first");
        assertThat(card.journal).isEmpty();
    }

    @Test
    void ramBelowAndAbove4GiBIsOneMemoryWithAHole() {
        Board big = Board.builder(new SteppedScheduler()).ram(4L << 30).build();

        assertThat(big.description().ram()).hasToString("[0x00000000-0xbfffffff, 0x100000000-0x13fffffff]");
        big.map(0x1_3fff_fff8L, 8).write64(0, 42);
        assertThat(big.map(0x1_3fff_fff0L, 16).read64(8)).isEqualTo(42);
        assertThat(big.map(0x1_3fff_fff8L, 16).read64(8)).isEqualTo(-1);
        assertThat(big.map(0xbfff_fffcL, 8).read64(0)).isEqualTo(0xffff_ffff_0000_0000L);
    }

    @Test
    void ramAccessesNeedNoAlignment() {
        IoMemory ram = board.map(0xfff0, 0x20);

        ram.write64(0xd, 0x8877_6655_4433_2211L);

        assertThat(ram.read64(0xd)).isEqualTo(0x8877_6655_4433_2211L);
        assertThat(ram.read8(0x10)).isEqualTo(0x44);
        assertThat(ram.read16(0xf)).isEqualTo(0x4433);
    }
}
