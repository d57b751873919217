package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cardcage.device.Bar;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.MsixCapability;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MsixTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    private static final int CONTROL = 0x42;
    private static final int ENABLE = 0x8000;
    private static final long BAR = 0xfd00_0000L;
    private static final int TABLE = 0x400;
    private static final int PENDING = 0x800;
    private static final int VECTORS = 40;

    private final List<String> seen = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private final Board board = Board.builder(new SteppedScheduler())
            .withoutFirmware()
            .reporter(said::add)
            .build();
    private final TestCard card = new TestCard(FunctionDescription.of(0x1234, 0x5678, 0x00ff00)
            .interruptPin(1)
            .bars(new Bar(1, Bar.Kind.MEMORY_32, false, 4096, Set.of(1, 2, 4, 8)))
            .capabilities(new MsixCapability(0x40, VECTORS, 1, TABLE, 1, PENDING))
            .build());
    private final IoMemory bar = board.map(BAR, 4096);

    @BeforeEach
    void plugTheCard() {
        board.plug(SLOT, card);
        board.powerOn();
        board.writeConfig(SLOT, 0x14, 4, (int) BAR);
        board.writeConfig(SLOT, 4, 2, 6);
        card.journal.clear();
    }

    private VectorSet open(int count) {
        VectorSet set = board.vectors(SLOT, VectorKind.MSIX, count, count);
        for (int i = 0; i < count; i++) {
            int vector = i;
            set.connect(i, () -> seen.add("vector " + vector));
        }
        return set;
    }

    @Test
    void capabilitySaysHowManyVectorsThereAreAndWhere() {
        assertThat(board.readConfig(SLOT, 0x40, 4)).isEqualTo(VECTORS - 1 << 16 | 0x11);
        assertThat(board.readConfig(SLOT, 0x44, 4)).isEqualTo(TABLE | 1);
        assertThat(board.readConfig(SLOT, 0x48, 4)).isEqualTo(PENDING | 1);
        board.writeConfig(SLOT, 0x40, 4, -1);
        assertThat(board.readConfig(SLOT, 0x40, 4)).isEqualTo((0xc000 | VECTORS - 1) << 16 | 0x11);
    }

    @Test
    void eachVectorReachesItsOwnSink() {
        open(3);

        card.ports.signal(2);
        card.ports.signal(0);
        card.ports.signal(2);

        assertThat(seen).containsExactly("vector 2", "vector 0", "vector 2");
        assertThat(card.ports.messagesEnabled()).isTrue();
        assertThat(board.readConfig(SLOT, 4, 2) & 0x400).isNotZero();
    }

    @Test
    void tableAndPendingBitsNeverReachTheModelAndTheRestOfTheBarDoes() {
        bar.write32(TABLE, 0xfee01003);
        bar.write32(TABLE + 8, 0x1234_5678);
        bar.write64(TABLE + 16, 0x1_fee0_0000L);
        bar.write64(PENDING, -1);
        bar.write8(TABLE + 8, 0xff);

        assertThat(bar.read32(TABLE)).isEqualTo(0xfee01000);
        assertThat(bar.read64(TABLE + 8)).isEqualTo(0x1_1234_5678L);
        assertThat(bar.read8(TABLE + 9)).isEqualTo(0x56);
        assertThat(bar.read32(TABLE + 20)).isEqualTo(1);
        assertThat(bar.read64(PENDING)).isZero();
        assertThat(card.journal).isEmpty();

        bar.write32(TABLE - 4, 7);
        assertThat(bar.read32(PENDING + 8)).isZero();
        assertThat(card.journal).containsExactly("write 1:3fc/4=7", "read 1:808/4");
    }

    @Test
    void powersOnWithAllEntriesMasked() {
        for (int i = 0; i < VECTORS; i++) {
            assertThat(bar.read32(TABLE + 16 * i + 12)).isEqualTo(1);
        }
    }

    @Test
    void functionMaskHoldsEverythingAndItsEndDeliversInTheOrderOfTheVectors() {
        open(VECTORS);
        int control = board.readConfig(SLOT, CONTROL, 2);
        board.writeConfig(SLOT, CONTROL, 2, control | 0x4000);

        card.ports.signal(37);
        card.ports.signal(1);
        card.ports.signal(37);

        assertThat(seen).isEmpty();
        assertThat(bar.read64(PENDING)).isEqualTo(1L << 37 | 2);
        assertThat(bar.read32(PENDING + 4)).isEqualTo(1 << 5);

        board.writeConfig(SLOT, CONTROL, 2, control);
        assertThat(seen).containsExactly("vector 1", "vector 37");
        assertThat(bar.read64(PENDING)).isZero();
        assertThat(said).isEmpty();
    }

    @Test
    void aPendingVectorUsesTheAddressThatTheEntryHasWhenItIsUnmasked() {
        VectorSet set = open(2);
        set.setMasked(1, true);
        card.ports.signal(1);

        bar.write32(TABLE + 16, 0x0030_0000);
        bar.write32(TABLE + 24, 0xcafe);
        set.setMasked(1, false);

        assertThat(seen).isEmpty();
        assertThat(board.map(0x30_0000, 4).read32(0)).isEqualTo(0xcafe);
    }

    @Test
    void whatHappensBeforeSomebodyListensIsToldToTheFirstWhoDoes() {
        VectorSet set = board.vectors(SLOT, VectorKind.MSIX, 1, 1);
        card.ports.signal(0);

        set.connect(0, () -> seen.add("late"));

        assertThat(seen).containsExactly("late");
    }

    @Test
    void aVectorBehindTheTableIsExplained() {
        open(1);

        card.ports.signal(VECTORS);

        assertThat(said).singleElement().asString().contains("vector 40 lost").contains("40 vectors only");
    }

    @Test
    void eachVectorAndCauseIsExplainedOnceAndAgainAfterTheCapabilityWasSwitched() {
        VectorSet set = open(2);
        board.writeConfig(SLOT, 4, 2, 2);
        for (int i = 0; i < 10; i++) {
            card.ports.signal(0);
            card.ports.signal(1);
        }
        assertThat(said)
                .containsExactly(
                        "0000:00:04.0: MSI-X vector 0 lost: bus master is off (bit 2 of the command register)",
                        "0000:00:04.0: MSI-X vector 1 lost: bus master is off (bit 2 of the command register)");

        set.close();
        card.ports.signal(0);
        card.ports.signal(0);
        assertThat(said).hasSize(3).last().asString().contains("interrupt vector 0 lost: MSI-X is not enabled");

        open(1);
        card.ports.signal(0);
        assertThat(said).hasSize(4);
    }

    @Test
    void closingDisablesAndLetsTheFunctionUseItsPin() {
        VectorSet set = open(1);

        set.close();
        set.close();

        assertThat(board.readConfig(SLOT, CONTROL, 2) & ENABLE).isZero();
        assertThat(board.readConfig(SLOT, 4, 2) & 0x400).isZero();
        assertThat(card.ports.messagesEnabled()).isFalse();
        assertThatThrownBy(() -> set.setMasked(0, true)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTableThatDoesNotAnswerIsAClearErrorAndLeavesNothingBehind() {
        board.writeConfig(SLOT, 4, 2, 4);

        assertThatThrownBy(() -> open(1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("0000:00:04.0")
                .hasMessageContaining("memory decoding");
        assertThat(board.readConfig(SLOT, CONTROL, 2) & ENABLE).isZero();
    }

    @Test
    void aResetMasksAllEntriesAndForgetsWhatWasPending() {
        VectorSet set = open(1);
        set.setMasked(0, true);
        card.ports.signal(0);

        board.reset();
        board.writeConfig(SLOT, 0x14, 4, (int) BAR);
        board.writeConfig(SLOT, 4, 2, 6);

        assertThat(bar.read64(PENDING)).isZero();
        assertThat(bar.read32(TABLE)).isZero();
        assertThat(bar.read32(TABLE + 12)).isEqualTo(1);
    }

    private TestCard plugOneWithManyVectors(int device) {
        FunctionAddress slot = new FunctionAddress(0, 0, device, 0);
        TestCard many = new TestCard(FunctionDescription.of(1, 2, 0)
                .bars(Bar.memory32(0, 0x1_0000, 4))
                .capabilities(MsixCapability.of(2048, 0))
                .build());
        board.plug(slot, many);
        board.writeConfig(slot, 0x10, 4, 0xfc00_0000 + (device << 16));
        board.writeConfig(slot, 4, 2, 6);
        return many;
    }

    private VectorSet openAll(int device) {
        return board.vectors(new FunctionAddress(0, 0, device, 0), VectorKind.MSIX, 1, 2048);
    }

    @Test
    void moreVectorsThanOneCpuHasArriveAtTheirSinks() {
        TestCard many = plugOneWithManyVectors(5);
        VectorSet set = openAll(5);
        assertThat(set.count()).isEqualTo(2048);
        for (int vector : new int[] {0, 191, 192, 193, 2047}) {
            set.connect(vector, () -> seen.add("vector " + vector));
            many.ports.signal(vector);
        }

        assertThat(seen).containsExactly("vector 0", "vector 191", "vector 192", "vector 193", "vector 2047");
        assertThat(said).isEmpty();
    }

    @Test
    void withNoVectorsLeftTheErrorSaysSoUntilSomebodyGivesBack() {
        List<VectorSet> sets = new ArrayList<>();
        for (int device = 5; device < 5 + 16; device++) {
            plugOneWithManyVectors(device);
            sets.add(openAll(device));
        }
        plugOneWithManyVectors(30);
        assertThat(openAll(30).count()).isEqualTo(192);

        assertThatThrownBy(() -> open(1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("0 free vectors");

        sets.get(3).close();
        open(2);
    }
}
