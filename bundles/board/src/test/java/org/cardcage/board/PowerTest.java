package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cardcage.device.AdvancedFeaturesCapability;
import org.cardcage.device.Bar;
import org.cardcage.device.Capability;
import org.cardcage.device.ExpressCapability;
import org.cardcage.device.ExpressCapability.Port;
import org.cardcage.device.PowerManagementCapability;
import org.cardcage.device.PowerState;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PowerTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    private static final FunctionAddress SIBLING = FunctionAddress.parse("00:04.1");
    private static final int CAPABILITY = 0x70;
    private static final int CONTROL = CAPABILITY + 4;
    private static final long BAR = 0xfd00_0000L;

    private final Board board =
            Board.builder(new SteppedScheduler()).withoutFirmware().build();
    private final IoMemory bar = board.map(BAR, 4096);
    private final List<String> seen = new ArrayList<>();

    private TestCard plug(FunctionAddress slot, long base, Capability... capabilities) {
        TestCard card = new TestCard(TestCard.like(Bar.memory32(0, 4096, 4))
                .capabilities(capabilities)
                .build()) {
            @Override
            public void powerState(PowerState state) {
                journal.add(state.toString());
            }
        };
        board.plug(slot, card);
        board.powerOn();
        board.writeConfig(slot, 0x10, 4, (int) base);
        board.writeConfig(slot, 4, 2, 7);
        card.journal.clear();
        return card;
    }

    private static PowerManagementCapability power(boolean softReset) {
        return new PowerManagementCapability(CAPABILITY, false, true, 0b11000, softReset);
    }

    private void state(int value) {
        board.writeConfig(SLOT, CONTROL, 2, value);
    }

    @Test
    void capabilitySaysWhichStatesThereAre() {
        plug(SLOT, BAR, power(false));

        assertThat(board.readConfig(SLOT, CAPABILITY, 4)).isEqualTo(0xc403_0001);
        assertThat(board.readConfig(SLOT, CONTROL, 4)).isEqualTo(0x8);
    }

    @Test
    void outsideD0NothingIsDecodedAndConfigurationSpaceStillAnswers() {
        TestCard card = plug(SLOT, BAR, power(false));
        bar.write32(0, 0x1234);

        state(3);

        assertThat(bar.read32(0)).isEqualTo(-1);
        bar.write32(0, 0x5678);
        assertThat(board.readConfig(SLOT, 0, 4)).isEqualTo(0x56781234);
        assertThat(board.readConfig(SLOT, 4, 2)).isEqualTo(7);
        assertThat(board.readConfig(SLOT, CONTROL, 2)).isEqualTo(0xb);

        state(0);
        assertThat(bar.read32(0)).isEqualTo(0x1234);
        assertThat(card.journal).contains("D3HOT", "D0").doesNotContain("reset");
    }

    @Test
    void outsideD0AFunctionIsNoBusMaster() {
        TestCard card = plug(SLOT, BAR, power(false));
        state(2);

        boolean taken = card.ports.dma().write(0x1000, ByteBuffer.allocate(4));

        assertThat(taken).isFalse();
        state(0);
        assertThat(card.ports.dma().write(0x1000, ByteBuffer.allocate(4))).isTrue();
    }

    @Test
    void thePinIsLowOutsideD0AndComesBackWithIt() {
        TestCard card = plug(SLOT, BAR, power(false));
        VectorSet pin = board.vectors(SLOT, VectorKind.INTX, 1, 1);
        pin.connect(0, () -> seen.add("raised"));
        card.ports.setPin(true);

        state(3);
        assertThat(pin.asserted(0)).isFalse();
        state(0);

        assertThat(pin.asserted(0)).isTrue();
        assertThat(seen).hasSize(2);
    }

    @Test
    void comingBackFromD3IsAResetIfTheFunctionSaysSo() {
        TestCard card = plug(SLOT, BAR, power(true));
        card.ports.setPin(true);

        state(3);
        assertThat(board.readConfig(SLOT, 0x10, 4)).isEqualTo((int) BAR);
        state(0);

        assertThat(card.journal).containsExactly("D3HOT", "reset", "D0");
        assertThat(board.readConfig(SLOT, 0x10, 4)).isZero();
        assertThat(board.readConfig(SLOT, 4, 2)).isZero();
        assertThat(board.readConfig(SLOT, 6, 2)).isEqualTo(0x10);
        assertThat(board.readConfig(SLOT, CONTROL, 2)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "0, 2, 2", "2, 1, 2", "3, 2, 3", "3, 1, 3", "2, 3, 3", "3, 0, 0"})
    void onlyTheWaysThatExistAreTaken(int from, int to, int expected) {
        plug(SLOT, BAR, power(false));
        state(from);

        state(to);

        assertThat(board.readConfig(SLOT, CONTROL, 2) & 3).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "2, false", "3, true"})
    void wakingSetsTheStatusFromTheStatesThatCan(int from, boolean expected) {
        TestCard card = plug(SLOT, BAR, power(false));
        state(from);

        card.ports.wake();

        assertThat((board.readConfig(SLOT, CONTROL, 2) & 0x8000) != 0).isEqualTo(expected);
        board.writeConfig(SLOT, CONTROL, 2, 0x8000 | from);
        assertThat(board.readConfig(SLOT, CONTROL, 2) & 0x8000).isZero();
    }

    @Test
    void theWishToWakeSurvivesTheResetOnTheWayBack() {
        TestCard card = plug(SLOT, BAR, power(true));
        state(0x103);
        card.ports.wake();

        state(0x100);

        assertThat(board.readConfig(SLOT, CONTROL, 2)).isEqualTo(0x8100);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void functionLevelResetTouchesOneFunctionOnly(boolean express) {
        Capability capability = express
                ? ExpressCapability.of(Port.ENDPOINT).at(0x60).withFunctionLevelReset()
                : new AdvancedFeaturesCapability(0x60);
        TestCard card = plug(SLOT, BAR, capability);
        TestCard sibling = plug(SIBLING, BAR + 0x1000, capability);
        VectorSet set = board.vectors(SLOT, VectorKind.MSI, 1, 1);
        card.journal.clear();
        sibling.journal.clear();

        if (express) {
            board.writeConfig(SLOT, 0x68, 2, 0x8000 | board.readConfig(SLOT, 0x68, 2));
        } else {
            board.writeConfig(SLOT, 0x64, 1, 1);
        }

        assertThat(card.journal).containsExactly("reset");
        assertThat(sibling.journal).isEmpty();
        assertThat(board.readConfig(SLOT, 4, 2)).isZero();
        assertThat(board.readConfig(SLOT, 0x10, 4)).isZero();
        assertThat(card.ports.messagesEnabled()).isFalse();
        assertThat(bar.read32(0)).isEqualTo(-1);
        assertThat(board.readConfig(SIBLING, 4, 2)).isEqualTo(7);
        assertThat(board.readConfig(SLOT, express ? 0x68 : 0x64, 2)).isEqualTo(express ? 0x2810 : 0);
        set.close();
    }

    @Test
    void withoutTheCapabilityBitThereIsNoFunctionLevelReset() {
        TestCard card = plug(SLOT, BAR, ExpressCapability.of(Port.ENDPOINT).at(0x60));

        board.writeConfig(SLOT, 0x68, 2, 0xffff);

        assertThat(card.journal).isEmpty();
        assertThat(board.readConfig(SLOT, 0x68, 2)).isEqualTo(0x7fff);
    }
}
