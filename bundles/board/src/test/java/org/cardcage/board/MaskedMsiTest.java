package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.device.Bar;
import org.cardcage.device.MsiCapability;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedMsiTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    private static final int AT = 0x40;

    private final Board board =
            Board.builder(new SteppedScheduler()).withoutFirmware().build();
    private final List<Integer> seen = new ArrayList<>();

    private TestCard plug(MsiCapability msi) {
        TestCard card =
                new TestCard(TestCard.like(Bar.memory32(0, 4096, 4)).msi(msi).build());
        board.plug(SLOT, card);
        board.powerOn();
        board.writeConfig(SLOT, 4, 2, 4);
        return card;
    }

    private VectorSet open(int count) {
        VectorSet set = board.vectors(SLOT, VectorKind.MSI, count, count);
        for (int i = 0; i < count; i++) {
            int vector = i;
            set.connect(i, () -> seen.add(vector));
        }
        return set;
    }

    @ParameterizedTest
    @CsvSource({"false, 4c, 50", "true, 50, 54"})
    void maskAndPendingBitsFollowTheData(boolean wide, String mask, String pending) {
        TestCard card = plug(new MsiCapability(AT, 8, wide, true));
        int maskAt = Integer.parseInt(mask, 16);
        int pendingAt = Integer.parseInt(pending, 16);
        open(8);

        board.writeConfig(SLOT, maskAt, 4, -1);
        assertThat(board.readConfig(SLOT, maskAt, 4)).isEqualTo(0xff);
        card.ports.signal(5);
        card.ports.signal(3);
        board.writeConfig(SLOT, pendingAt, 4, 0);

        assertThat(board.readConfig(SLOT, pendingAt, 4)).isEqualTo(1 << 5 | 1 << 3);
        assertThat(board.readConfig(SLOT, pendingAt, 1)).isEqualTo(1 << 5 | 1 << 3);
        board.writeConfig(SLOT, maskAt, 1, 1 << 5);
        assertThat(seen).containsExactly(3);
        board.writeConfig(SLOT, maskAt, 1, 0);
        assertThat(seen).containsExactly(3, 5);
        assertThat(board.readConfig(SLOT, pendingAt, 4)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16, 32})
    void everyVectorOfAFullSetArrivesAtItsOwnSink(int count) {
        TestCard card = plug(new MsiCapability(AT, count, true, true));
        open(count);

        for (int i = count - 1; i >= 0; i--) {
            card.ports.signal(i);
        }

        assertThat(seen).hasSize(count).doesNotHaveDuplicates();
        assertThat(seen.get(0)).isEqualTo(count - 1);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "4, 3"})
    void withFewerVectorsThanTheFunctionHasSeveralShareOne(int given, int expected) {
        TestCard card = plug(new MsiCapability(AT, 8, true, true));
        VectorSet set = open(given);

        card.ports.signal(7);
        set.setMasked(expected, true);
        card.ports.signal(7);

        assertThat(seen).containsExactly(expected);
        assertThat(board.readConfig(SLOT, AT + 0x14, 4)).isEqualTo(1 << expected);
    }

    @Test
    void whatIsPendingBeyondALoweredNumberOfMessagesIsDropped() {
        TestCard card = plug(new MsiCapability(AT, 8, true, true));
        open(8);
        board.writeConfig(SLOT, AT + 0x10, 4, -1);
        card.ports.signal(1);
        card.ports.signal(5);

        board.writeConfig(SLOT, AT + 2, 2, 1 << 4 | 1);
        assertThat(board.readConfig(SLOT, AT + 0x14, 4)).isEqualTo(1 << 1);
        board.writeConfig(SLOT, AT + 2, 2, 3 << 4 | 1);
        board.writeConfig(SLOT, AT + 0x10, 4, 0);

        assertThat(seen).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSetSaysWhetherItsVectorsCanBeMasked(boolean masking) {
        plug(new MsiCapability(AT, 2, true, masking));

        assertThat(open(2).setMasked(1, true)).isEqualTo(masking);
    }
}
