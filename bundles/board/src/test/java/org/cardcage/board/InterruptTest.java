package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cardcage.device.Bar;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.InterruptPin;
import org.cardcage.device.MsiCapability;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterruptTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    private static final FunctionAddress NEIGHBOUR = FunctionAddress.parse("00:08.0");
    private static final int MASTER = 4;
    private static final int INTX_DISABLE = 0x400;

    private final Board board =
            Board.builder(new SteppedScheduler()).withoutFirmware().build();
    private final TestCard card = TestCard.plain();
    private final TestCard neighbour = TestCard.plain();
    private final List<String> seen = new ArrayList<>();

    @BeforeEach
    void plugTwoCardsOnOneLine() {
        board.plug(SLOT, card);
        board.plug(NEIGHBOUR, neighbour);
        board.powerOn();
    }

    private VectorSet open(VectorKind kind) {
        return board.vectors(SLOT, kind, 1, 1);
    }

    private int command() {
        return board.readConfig(SLOT, 4, 2);
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "2, 10", "3, 11", "4, 11", "5, 10", "1f, 11"})
    void pinAIsWiredAsOnAPiix(String device, int line) {
        FunctionAddress slot = FunctionAddress.parse(device);
        if (!slot.equals(SLOT)) {
            board.plug(slot, TestCard.plain());
        }

        assertThat(board.vectors(slot, VectorKind.INTX, 1, 1).hardwareNumber(0)).isEqualTo(line);
    }

    @Test
    void aRisingEdgeTellsTheSinkOnceAndTheLevelStays() {
        VectorSet intx = open(VectorKind.INTX);
        intx.connect(0, () -> seen.add("raised"));

        card.ports.setPin(true);
        card.ports.setPin(true);
        assertThat(seen).containsExactly("raised");
        assertThat(intx.asserted(0)).isTrue();

        card.ports.setPin(false);
        assertThat(intx.asserted(0)).isFalse();
        card.ports.setPin(true);
        assertThat(seen).hasSize(2);
    }

    @Test
    void theLineIsTheOrOfAllFunctionsOnIt() {
        VectorSet intx = open(VectorKind.INTX);
        intx.connect(0, () -> seen.add("raised"));

        neighbour.ports.setPin(true);
        card.ports.setPin(true);
        neighbour.ports.setPin(false);
        assertThat(seen).containsExactly("raised");
        assertThat(intx.asserted(0)).isTrue();

        card.ports.setPin(false);
        assertThat(intx.asserted(0)).isFalse();
    }

    @Test
    void everySinkOnASharedLineIsTold() {
        open(VectorKind.INTX).connect(0, () -> seen.add("card"));
        VectorSet other = board.vectors(NEIGHBOUR, VectorKind.INTX, 1, 1);
        other.connect(0, () -> seen.add("neighbour"));

        card.ports.setPin(true);
        assertThat(seen).containsExactlyInAnyOrder("card", "neighbour");

        other.close();
        card.ports.setPin(false);
        card.ports.setPin(true);
        assertThat(seen).hasSize(3).endsWith("card");
    }

    @Test
    void aSinkThatConnectsToAHighLineIsToldAtOnce() {
        card.ports.setPin(true);

        open(VectorKind.INTX).connect(0, () -> seen.add("raised"));

        assertThat(seen).containsExactly("raised");
    }

    @Test
    void aPinThatDropsWhileItsRiseIsBeingToldIsLowAtOnce() {
        AtomicBoolean cause = new AtomicBoolean(true);
        InterruptPin pin = new InterruptPin(cause::get);
        pin.powerOn(card.ports);
        VectorSet intx = open(VectorKind.INTX);
        intx.connect(0, () -> {
            cause.set(false);
            pin.update();
            seen.add(intx.asserted(0) ? "still high" : "low");
        });

        pin.update();

        assertThat(seen).containsExactly("low");
        assertThat(intx.asserted(0)).isFalse();
    }

    @Test
    void ofPinCallsThatOvertakeOneAnotherTheHighestNumberCounts() {
        VectorSet intx = open(VectorKind.INTX);

        card.ports.setPin(false, 2);
        card.ports.setPin(true, 1);
        assertThat(intx.asserted(0)).isFalse();
        card.ports.setPin(true, 3);
        assertThat(intx.asserted(0)).isTrue();
    }

    @Test
    void theDisableBitMovesTheLevelAtOnce() {
        VectorSet intx = open(VectorKind.INTX);
        intx.connect(0, () -> seen.add("raised"));
        board.writeConfig(SLOT, 4, 2, INTX_DISABLE);

        card.ports.setPin(true);
        assertThat(intx.asserted(0)).isFalse();
        assertThat(seen).isEmpty();

        board.writeConfig(SLOT, 4, 2, 0);
        assertThat(intx.asserted(0)).isTrue();
        assertThat(seen).containsExactly("raised");
    }

    @Test
    void openingThePinClearsTheDisableBit() {
        board.writeConfig(SLOT, 4, 2, INTX_DISABLE | MASTER);

        VectorSet intx = open(VectorKind.INTX);

        assertThat(command()).isEqualTo(MASTER);
        intx.close();
        assertThat(command()).isEqualTo(MASTER);
    }

    @Test
    void enablingMessagesDropsThePin() {
        VectorSet intx = open(VectorKind.INTX);
        card.ports.setPin(true);

        board.writeConfig(SLOT, 0x42, 2, 1);

        assertThat(intx.asserted(0)).isFalse();
        assertThat(board.readConfig(SLOT, 6, 2)).isEqualTo(0x10);
        board.writeConfig(SLOT, 0x42, 2, 0);
        assertThat(intx.asserted(0)).isFalse();
    }

    @Test
    void aPinThatIsRaisedJustAfterMessagesWereEnabledStaysLow() {
        VectorSet intx = open(VectorKind.INTX);
        VectorSet msi = open(VectorKind.MSI);
        board.writeConfig(SLOT, 4, 2, command() & ~INTX_DISABLE);

        card.ports.setPin(true); // it had asked a moment before

        assertThat(board.readConfig(SLOT, 6, 2) & 8).isZero();
        msi.close();
        assertThat(intx.asserted(0)).isFalse();
    }

    @Test
    void aMessageReachesItsVectorOnlyWithBusMastering() {
        VectorSet msi = open(VectorKind.MSI);
        msi.connect(0, () -> seen.add("message"));

        card.ports.signal(0);
        assertThat(seen).isEmpty();

        board.writeConfig(SLOT, 4, 2, command() | MASTER);
        card.ports.signal(0);
        card.ports.signal(0);
        assertThat(seen).containsExactly("message", "message");
        assertThat(msi.asserted(0)).isFalse();
    }

    @Test
    void openingMessagesProgramsTheCapabilityAndClosingDisablesIt() {
        VectorSet msi = open(VectorKind.MSI);

        assertThat(board.readConfig(SLOT, 0x42, 2)).isEqualTo(0x0081);
        assertThat(board.readConfig(SLOT, 0x44, 4)).isEqualTo(0xfee00000);
        assertThat(board.readConfig(SLOT, 0x48, 4)).isZero();
        assertThat(board.readConfig(SLOT, 0x4c, 2)).isEqualTo(msi.hardwareNumber(0));
        assertThat(command() & INTX_DISABLE).isNotZero();
        assertThat(card.ports.messagesEnabled()).isTrue();

        msi.close();
        msi.close();
        assertThat(board.readConfig(SLOT, 0x42, 2)).isEqualTo(0x0080);
        assertThat(command() & INTX_DISABLE).isZero();
        assertThat(card.ports.messagesEnabled()).isFalse();
    }

    @Test
    void aClosedVectorHearsNothingEvenIfTheFunctionIsStillProgrammed() {
        VectorSet msi = open(VectorKind.MSI);
        msi.connect(0, () -> seen.add("message"));
        msi.close();

        board.writeConfig(SLOT, 4, 2, MASTER);
        board.writeConfig(SLOT, 0x42, 2, 1);
        card.ports.signal(0);

        assertThat(seen).isEmpty();
    }

    @Test
    void aMessageIsAnOrdinaryWriteOf4Bytes() {
        board.map(0x30_0000, 16).write64(0, -1);
        board.map(0x30_0000, 16).write64(8, -1);
        board.writeConfig(SLOT, 4, 2, MASTER);
        board.writeConfig(SLOT, 0x44, 4, 0x300004);
        board.writeConfig(SLOT, 0x4c, 4, 0xffff1234);
        board.writeConfig(SLOT, 0x42, 2, 1);

        card.ports.signal(0);

        assertThat(board.map(0x30_0000, 16).read64(0)).isEqualTo(0x0000_1234_ffff_ffffL);
        assertThat(board.map(0x30_0000, 16).read64(8)).isEqualTo(-1);
    }

    @Test
    void aWriteIntoTheMessageWindowIsAMessageWhoeverMakesIt() {
        VectorSet msi = open(VectorKind.MSI);
        msi.connect(0, () -> seen.add("message"));

        board.map(0xfee0_0000L, 4).write32(0, msi.hardwareNumber(0));
        board.map(0xfee0_0000L, 4).write32(0, msi.hardwareNumber(0) + 1);
        board.map(0xfee0_1000L, 4).write32(0, msi.hardwareNumber(0));

        assertThat(seen).containsExactly("message");
    }

    @Test
    void blocksOfMessagesAreFoundBeyondTheVectorsOfTheCpus() {
        for (int device = 5; device < 15; device++) {
            FunctionAddress slot = FunctionAddress.parse(String.format("%02x.0", 0x10 + device));
            TestCard many = new TestCard(TestCard.like(Bar.memory32(0, 4096, 4))
                    .msi(new MsiCapability(0x50, 32, true))
                    .build());
            board.plug(slot, many);
            board.writeConfig(slot, 4, 2, MASTER);
            VectorSet set = board.vectors(slot, VectorKind.MSI, 32, 32);
            set.connect(31, () -> seen.add(slot.toString()));
            many.ports.signal(31);
            assertThat(seen).last().isEqualTo(slot.toString());
        }
        assertThat(seen).hasSize(10);
    }

    @Test
    void aMessageThatNobodyWaitsForIsExplainedOnce() {
        List<String> said = new ArrayList<>();
        Board small = Board.builder(new SteppedScheduler())
                .cpus(2)
                .reporter(said::add)
                .build();
        IoMemory window = small.map(0xfee0_0000L, 0x1_0000);

        for (int i = 0; i < 3; i++) {
            window.write32(0x1000, 0x41);
            window.write32(0x2000, 0x41);
            window.write32(0, 0x441);
        }

        assertThat(said)
                .containsExactly(
                        "interrupt message lost: nobody waits for vector 321",
                        "interrupt message lost: CPU 2 of 2 with delivery mode 0 cannot be reached",
                        "interrupt message lost: CPU 0 of 2 with delivery mode 4 cannot be reached");
    }

    @Test
    void whatWasExplainedIsForgottenOnlyForVectorsThatAreTakenAnew() {
        List<String> said = new ArrayList<>();
        Board small = Board.builder(new SteppedScheduler()).reporter(said::add).build();
        small.plug(SLOT, TestCard.plain());
        small.powerOn();
        IoMemory window = small.map(0xfee0_0000L, 0x1000);
        VectorSet first = small.vectors(SLOT, VectorKind.MSI, 1, 1);
        int number = first.hardwareNumber(0);
        window.write32(0, number);
        window.write32(0, 0xef);
        assertThat(said).hasSize(2);

        first.close();
        small.vectors(SLOT, VectorKind.MSI, 1, 1);
        window.write32(0, 0xef);
        assertThat(said).hasSize(2);
        window.write32(0, number);

        assertThat(said).hasSize(3).last().asString().contains("vector " + number);
    }

    @Test
    void vectorsAreSpreadOverTheCpusAndEachMessageNamesItsOwn() {
        Board large = Board.builder(new SteppedScheduler()).cpus(3).build();
        large.powerOn();
        List<Integer> cpus = new ArrayList<>();
        for (int device = 4; device < 10; device++) {
            FunctionAddress slot = new FunctionAddress(0, 0, device, 0);
            large.plug(
                    slot,
                    new TestCard(TestCard.like(Bar.memory32(0, 4096, 4))
                            .msi(new MsiCapability(0x50, device == 4 ? 8 : 1, false))
                            .build()));
            VectorSet set = large.vectors(slot, VectorKind.MSI, 1, 8);
            cpus.add(set.cpu(0));
            assertThat(large.readConfig(slot, 0x54, 4)).isEqualTo(0xfee0_0000 | set.cpu(0) << 12);
        }
        assertThat(cpus).containsExactly(0, 1, 2, 1, 2, 1);
    }

    @Test
    void severalVectorsShareOneCapability() {
        FunctionAddress slot = FunctionAddress.parse("09.0");
        TestCard many = new TestCard(TestCard.like(Bar.memory32(0, 4096, 4))
                .msi(new MsiCapability(0x50, 8, false))
                .build());
        board.plug(slot, many);
        board.writeConfig(slot, 4, 2, MASTER);

        VectorSet msi = board.vectors(slot, VectorKind.MSI, 2, 3);
        assertThat(msi.count()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            int vector = i;
            msi.connect(i, () -> seen.add("vector " + vector));
        }
        many.ports.signal(2);
        many.ports.signal(0);

        assertThat(seen).containsExactly("vector 2", "vector 0");
        assertThat(board.readConfig(slot, 0x52, 2)).isEqualTo(2 << 4 | 3 << 1 | 1);
    }

    @Test
    void whatAFunctionCannotDoIsRefusedWithItsName() {
        FunctionAddress bare = FunctionAddress.parse("0a.0");
        board.plug(bare, new TestCard(FunctionDescription.of(1, 2, 0).build()));

        assertThatThrownBy(() -> board.vectors(bare, VectorKind.INTX, 1, 1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("0000:00:0a.0");
        assertThatThrownBy(() -> board.vectors(bare, VectorKind.MSI, 1, 1))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> board.vectors(SLOT, VectorKind.MSI, 2, 2))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("2 vectors");
        assertThatThrownBy(() -> board.vectors(SLOT, VectorKind.MSIX, 1, 1))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> board.vectors(FunctionAddress.parse("1e.0"), VectorKind.INTX, 1, 1))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void vectorsGivenBackCanBeHadAgain() {
        for (int i = 0; i < 1000; i++) {
            open(VectorKind.MSI).close();
        }
        assertThat(open(VectorKind.MSI).count()).isEqualTo(1);
    }

    @Test
    void aMessageAimedAtTheSendersOwnDoorbellEnds() {
        board.writeConfig(SLOT, 0x10, 4, 0xfe000000);
        board.writeConfig(SLOT, 4, 2, MASTER | 2);
        FunctionAddress slot = FunctionAddress.parse("0b.0");
        TestCard echo = new TestCard(TestCard.like(Bar.memory32(0, 4096, 4)).build()) {
            @Override
            public void write(int bar, long offset, int size, long value) {
                super.write(bar, offset, size, value);
                ports.signal(0);
            }
        };
        board.plug(slot, echo);
        board.writeConfig(slot, 0x10, 4, 0xfd000000);
        board.writeConfig(slot, 0x44, 4, 0xfd000000);
        board.writeConfig(slot, 0x42, 2, 1);
        board.writeConfig(slot, 4, 2, MASTER | 2);

        board.map(0xfd00_0000L, 4).write32(0, 1);

        assertThat(echo.journal.size()).isBetween(2, 100);
    }
}
