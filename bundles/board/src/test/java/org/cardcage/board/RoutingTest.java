package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cardcage.device.Bar;
import org.cardcage.device.ExpansionRom;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What gets through bridges: configuration cycles, accesses of the CPU, and of bus masters. */
class RoutingTest {

    private static final int MIB = 1 << 20;
    private static final int COMMAND = 4;
    private static final int STATUS = 6;
    private static final int SECONDARY_STATUS = 0x1e;
    private static final int MASTER_ABORT = 1 << 13;
    private static final FunctionAddress OUTER = FunctionAddress.parse("00:05.0");
    private static final FunctionAddress INNER = FunctionAddress.parse("01:02.0");
    private static final FunctionAddress DEEP = FunctionAddress.parse("02:03.0");
    private static final FunctionAddress NEAR = FunctionAddress.parse("02:04.0");
    private static final FunctionAddress TOP = FunctionAddress.parse("00:06.0");

    private final List<String> reports = new ArrayList<>();
    private final Board board = Board.builder(new SteppedScheduler())
            .chipset440fx()
            .reporter(reports::add)
            .build();
    private final TestCard deep = TestCard.plain();
    private final TestCard near = TestCard.plain();
    private final TestCard top = TestCard.plain();
    private IoMemory regs;

    @BeforeEach
    void twoCardsBehindTwoBridgesAndOneOnTheRootBus() {
        board.plug("05.0", Bridge.pci());
        board.plug("05.0/02.0", Bridge.pci());
        board.plug("05.0/02.0/03.0", deep);
        board.plug("05.0/02.0/04.0", near);
        board.plug("06.0", top);
        board.powerOn();
        regs = board.map(base(DEEP), MIB);
        deep.cells[0] = 0x1234;
        near.cells[0] = 0x5678;
        top.cells[0] = 0x9abc;
    }

    private long base(FunctionAddress function) {
        return board.readConfig(function, 0x10, 4) & 0xffff_fff0L;
    }

    private void command(FunctionAddress function, int bits) {
        board.writeConfig(function, COMMAND, 2, bits);
    }

    private boolean masterAborted(FunctionAddress function, int register) {
        boolean set = (board.readConfig(function, register, 2) & MASTER_ABORT) != 0;
        board.writeConfig(function, register, 2, MASTER_ABORT);
        assertThat(board.readConfig(function, register, 2) & MASTER_ABORT).isZero();
        return set;
    }

    @Test
    void aMappingFollowsEachEnableAndEachWindowOnTheWay() {
        assertThat(regs.read32(0)).isEqualTo(0x1234);
        for (FunctionAddress function : List.of(OUTER, INNER, DEEP)) {
            command(function, 0x105);
            assertThat(regs.read32(0)).isEqualTo(-1);
            command(function, 0x107);
            assertThat(regs.read32(0)).isEqualTo(0x1234);
        }
        for (FunctionAddress bridge : List.of(OUTER, INNER)) {
            int window = board.readConfig(bridge, 0x20, 4);
            board.writeConfig(bridge, 0x20, 4, 0x0000fff0);
            assertThat(regs.read32(0)).isEqualTo(-1);
            board.writeConfig(bridge, 0x20, 4, window);
            assertThat(regs.read32(0)).isEqualTo(0x1234);
        }
    }

    @Test
    void aWindowThatCoversHalfABarLetsThatHalfThrough() {
        Bar two = Bar.memory32(0, 2 * MIB, 4, 8);
        TestCard wide = TestCard.with(two);
        board.plug("07.0", Bridge.pci());
        board.plug("07.0/00.0", wide);
        FunctionAddress bridge = FunctionAddress.parse("00:07.0");
        FunctionAddress card = board.address("07.0/00.0").orElseThrow();
        long base = base(card);
        IoMemory all = board.map(base, 2 * MIB);
        assertThat(all.read32(MIB)).isZero();

        int upper = (int) (base >>> 16) + 0x10;
        board.writeConfig(bridge, 0x20, 4, upper | upper << 16);

        assertThat(all.read32(0)).isEqualTo(-1);
        assertThat(all.read32(MIB)).isZero();
        assertThat(board.map(base + MIB, 16).read32(0)).isZero();
    }

    @Test
    void aBarOutsideItsBridgesWindowIsNotReached() {
        board.writeConfig(DEEP, 0x10, 4, 0xd000_0000);

        assertThat(board.map(0xd000_0000L, 4).read32(0)).isEqualTo(-1);
        assertThat(regs.read32(0)).isEqualTo(-1);
        assertThat(deep.journal).doesNotContain("read 0:0/4");
    }

    @Test
    void configurationCyclesGoByTheBusNumbersOfTheMoment() {
        board.writeConfig(INNER, 0x18, 4, 0x090901);
        assertThat(board.readConfig(DEEP, 0, 2)).isEqualTo(0xffff);
        assertThat(board.readConfig(FunctionAddress.parse("09:03.0"), 0, 2)).isEqualTo(0xffff);

        board.writeConfig(OUTER, 0x18, 4, 0x090100);
        assertThat(board.readConfig(FunctionAddress.parse("09:03.0"), 0, 2)).isEqualTo(0x1234);
        assertThat(board.address("05.0/02.0/03.0")).contains(FunctionAddress.parse("09:03.0"));

        board.writeConfig(OUTER, 0x18, 4, 0x000000);
        assertThat(board.address("05.0/02.0")).isEmpty();
        assertThat(board.readConfig(FunctionAddress.parse("00:02.0"), 0, 2)).isEqualTo(0xffff);
    }

    @Test
    void ofTwoBridgesThatClaimABusTheFirstGetsIt() {
        board.plug("03.0", Bridge.pci());
        board.plug("03.0/00.0", TestCard.plain());
        FunctionAddress thief = FunctionAddress.parse("00:03.0");

        board.writeConfig(thief, 0x18, 4, 0x010100);

        assertThat(board.readConfig(FunctionAddress.parse("01:00.0"), 0, 2)).isEqualTo(0x1234);
        assertThat(board.readConfig(INNER, 0, 2)).isEqualTo(0xffff);
        assertThat(board.readConfig(DEEP, 0, 2)).isEqualTo(0x1234);
    }

    @Test
    void anAccessThatEndsBehindABridgeIsShownInItsSecondaryStatus() {
        long nowhere = base(DEEP) & -MIB;
        board.writeConfig(DEEP, COMMAND, 2, 0);

        assertThat(board.map(nowhere, 4).read32(0)).isEqualTo(-1);

        assertThat(masterAborted(INNER, SECONDARY_STATUS)).isTrue();
        assertThat(masterAborted(OUTER, SECONDARY_STATUS)).isFalse();
        board.map(0xd000_0000L, 4).read32(0);
        board.mapPorts(0x5000, 4).write8(0, 1);
        assertThat(masterAborted(FunctionAddress.parse("00:00.0"), STATUS)).isTrue();
    }

    @Test
    void qemusBusShowsNothing() {
        Board qemu = Board.builder(new SteppedScheduler())
                .chipset440fx()
                .busPolicy(BusPolicy.QEMU)
                .build();
        qemu.powerOn();

        assertThat(qemu.map(0xd000_0000L, 4).read32(0)).isZero();
        assertThat(qemu.readConfig(FunctionAddress.parse("00:00.0"), STATUS, 2)).isZero();
    }

    @Test
    void aBusMasterNeedsEachBridgeAbove() {
        ByteBuffer four = ByteBuffer.wrap(new byte[] {1, 2, 3, 4});
        command(DEEP, 0x106);
        assertThat(deep.ports.dma().write(0x20_0000, four.rewind())).isFalse();
        command(INNER, 0x107);
        assertThat(deep.ports.dma().write(0x20_0000, four.rewind())).isFalse();
        assertThat(board.aborts(DEEP)).isEqualTo(2);
        assertThat(masterAborted(DEEP, STATUS)).isTrue();

        command(OUTER, 0x107);
        assertThat(deep.ports.dma().write(0x20_0000, four.rewind())).isTrue();

        assertThat(board.map(0x20_0000, 4).read32(0)).isEqualTo(0x04030201);
        assertThat(board.aborts(DEEP)).isEqualTo(2);
    }

    @Test
    void neighboursReachEachOtherWithoutTheBridgesAbove() {
        command(DEEP, 0x106);
        command(OUTER, 0);

        assertThat(deep.ports.dma().write(base(NEAR) + 8, ByteBuffer.wrap(new byte[] {7, 0, 0, 0})))
                .isTrue();
        ByteBuffer read = ByteBuffer.allocate(4);
        assertThat(deep.ports.dma().read(base(NEAR), read)).isTrue();

        assertThat(near.cells[1]).isEqualTo(7);
        assertThat(read.array()).containsExactly(0x78, 0x56, 0, 0);
    }

    @Test
    void peersInDifferentBranchesMeetOnTheBusAbove() {
        command(DEEP, 0x106);
        command(TOP, 0x106);
        ByteBuffer read = ByteBuffer.allocate(4);
        assertThat(top.ports.dma().read(base(DEEP), read)).isTrue();
        assertThat(read.array()).containsExactly(0x34, 0x12, 0, 0);

        assertThat(deep.ports.dma().read(base(TOP), read.clear())).isFalse();
        command(INNER, 0x107);
        command(OUTER, 0x107);
        assertThat(deep.ports.dma().read(base(TOP), read.clear())).isTrue();
        assertThat(read.array()).containsExactly(0xbc, 0x9a, 0, 0);
    }

    @Test
    void aBridgeDoesNotSendUpWhatBelongsBelow() {
        command(DEEP, 0x106);
        command(INNER, 0x107);
        command(OUTER, 0x107);
        command(NEAR, 0);
        long gone = base(NEAR);
        command(TOP, 0);
        board.writeConfig(TOP, 0x10, 4, (int) gone);
        command(TOP, 2);

        assertThat(deep.ports.dma().read(gone, ByteBuffer.allocate(4))).isFalse();
        assertThat(top.journal).containsExactly("powerOn");
    }

    @Test
    void aLongTransferCrossesWhatIsOnItsWay() {
        command(DEEP, 0x106);
        command(INNER, 0x107);
        command(OUTER, 0x107);
        ByteBuffer much = ByteBuffer.allocate(3 * MIB + 10);
        for (int i = 0; i < much.capacity(); i++) {
            much.put(i, (byte) (i * 31));
        }

        assertThat(deep.ports.dma().write(0x20_0003, much.duplicate())).isTrue();
        ByteBuffer back = ByteBuffer.allocate(much.capacity());
        assertThat(deep.ports.dma().read(0x20_0003, back)).isTrue();

        assertThat(back.flip()).isEqualTo(much);
    }

    @Test
    void aMessageNeedsTheBridgesAboveAndSaysSo() {
        command(DEEP, 0x106);
        var vectors = board.vectors(DEEP, VectorKind.MSI, 1, 1);
        List<String> raised = new ArrayList<>();
        vectors.connect(0, () -> raised.add("raised"));
        deep.ports.signal(0);
        assertThat(raised).isEmpty();
        assertThat(reports).singleElement().asString().contains("0000:02:03.0");

        command(INNER, 0x107);
        command(OUTER, 0x107);
        deep.ports.signal(0);

        assertThat(raised).containsExactly("raised");
    }

    @Test
    void aSecondaryBusResetResetsAllBelowAndNothingElse() {
        command(DEEP, 0x107);
        top.journal.clear();
        deep.journal.clear();
        board.writeConfig(OUTER, 0x3e, 2, 0x42);
        assertThat(regs.read32(0)).isEqualTo(-1);
        assertThat(board.readConfig(INNER, 0, 2)).isEqualTo(0xffff);
        assertThat(deep.journal).containsExactly("reset");

        board.writeConfig(OUTER, 0x3e, 2, 0x02);

        assertThat(board.readConfig(INNER, 0, 2)).isEqualTo(0x1b36);
        assertThat(board.readConfig(INNER, 0x18, 4)).isZero();
        assertThat(board.readConfig(DEEP, 0, 2)).isEqualTo(0xffff);
        board.writeConfig(INNER, 0x18, 4, 0x020201);
        assertThat(board.readConfig(DEEP, COMMAND, 2)).isZero();
        assertThat(board.readConfig(DEEP, 0x10, 4)).isZero();
        assertThat(top.journal).isEmpty();
        assertThat(board.map(base(TOP), 4).read32(0)).isEqualTo(0x9abc);
        assertThat(deep.journal).containsExactly("reset");
    }

    @Test
    void theExpansionRomAnswersWhenItIsEnabled() {
        ExpansionRom rom = new ExpansionRom(0x1_0000, ByteBuffer.wrap("rom!".getBytes(StandardCharsets.US_ASCII)));
        board.plug("05.0/03.0", new TestCard(TestCard.like().rom(rom).build()));
        FunctionAddress card = board.address("05.0/03.0").orElseThrow();
        int base = board.readConfig(card, 0x30, 4);
        assertThat(base).isNotZero();
        IoMemory image = board.map(base & 0xffff_ffffL, 0x1_0000);
        assertThat(image.read32(0)).isEqualTo(-1);

        board.writeConfig(card, 0x30, 4, base | 1);

        assertThat(image.read32(0)).isEqualTo(0x216d6f72);
        assertThat(image.read8(4)).isEqualTo(0xff);
    }

    @Test
    void portsGoThroughTheIoWindow() {
        Bar io = new Bar(0, Bar.Kind.IO, false, 0x20, Set.of(1, 2, 4));
        board.plug("05.0/05.0", TestCard.with(io));
        FunctionAddress card = board.address("05.0/05.0").orElseThrow();
        IoMemory ports = board.mapPorts(board.readConfig(card, 0x10, 4) & ~3, 0x20);
        ports.write8(3, 0x5a);
        assertThat(ports.read8(3)).isEqualTo(0x5a);

        command(OUTER, 0x102);
        assertThat(ports.read8(3)).isEqualTo(0xff);
        command(OUTER, 0x103);
        assertThat(ports.read8(3)).isEqualTo(0x5a);
    }

    @Test
    void theSplittingOfOddAccessesIsTheBoardsChoice() {
        Board narrow = Board.builder(new SteppedScheduler())
                .splitting(AccessSplitting.NARROW)
                .build();
        TestCard card = TestCard.plain();
        narrow.plug("04.0", card);
        narrow.powerOn();

        narrow.map(narrow.readConfig(FunctionAddress.parse("04.0"), 0x10, 4) & 0xffff_fff0L, MIB)
                .read64(8);

        assertThat(card.journal).containsExactly("powerOn", "read 0:8/4", "read 0:c/4");
    }
}
