package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;

import org.cardcage.device.AdvancedFeaturesCapability;
import org.cardcage.device.BridgeHeader;
import org.cardcage.device.Capability;
import org.cardcage.device.ExpressCapability;
import org.cardcage.device.ExpressCapability.Port;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.PowerManagementCapability;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A bridge that is reset alone resets what is behind it, and nothing else. */
class BridgeResetTest {

    private static final FunctionAddress BRIDGE = FunctionAddress.parse("00:05.0");
    private static final FunctionAddress BEHIND = FunctionAddress.parse("01:02.0");
    private static final int CAPABILITY = 0x80;
    private static final int COMMAND = 4;

    private final Board board = Board.builder(new SteppedScheduler()).build();
    private final TestCard behind = TestCard.plain();
    private final TestCard beside = TestCard.plain();
    private IoMemory regs;

    /** The ways to reset a bridge alone. */
    enum Way {
        FUNCTION_LEVEL_RESET(ExpressCapability.of(Port.TO_PCI_BRIDGE)
                .withFunctionLevelReset()
                .at(CAPABILITY)) {
            @Override
            void go(Board board) {
                board.writeConfig(BRIDGE, CAPABILITY + 8, 2, 0x8000);
            }
        },
        ADVANCED_FEATURES(new AdvancedFeaturesCapability(CAPABILITY)) {
            @Override
            void go(Board board) {
                board.writeConfig(BRIDGE, CAPABILITY + 4, 1, 1);
            }
        },
        FROM_D3HOT(new PowerManagementCapability(CAPABILITY, false, false, 0, true)) {
            @Override
            void go(Board board) {
                board.writeConfig(BRIDGE, CAPABILITY + 4, 2, 3);
                board.writeConfig(BRIDGE, CAPABILITY + 4, 2, 0);
            }
        };

        final Capability capability;

        Way(Capability capability) {
            this.capability = capability;
        }

        abstract void go(Board board);
    }

    private void plug(Capability capability) {
        board.plug(
                "05.0",
                Bridge.of(FunctionDescription.of(0x1234, 0x1111, 0x060400)
                        .bridge(BridgeHeader.usual())
                        .capabilities(capability)
                        .build()));
        board.plug("05.0/02.0", behind);
        board.plug("06.0", beside);
        board.powerOn();
        regs = board.map(board.readConfig(BEHIND, 0x10, 4) & 0xffff_fff0L, 4096);
        board.writeConfig(BEHIND, COMMAND, 2, 6);
        behind.journal.clear();
        beside.journal.clear();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsBehindIsReset(Way way) {
        plug(way.capability);
        int numbers = board.readConfig(BRIDGE, 0x18, 4);
        VectorSet pin = board.vectors(BEHIND, VectorKind.INTX, 1, 1);
        behind.ports.setPin(true);
        assertThat(pin.asserted(0)).isTrue();

        way.go(board);

        assertThat(pin.asserted(0)).isFalse();
        assertThat(behind.journal).containsExactly("reset");
        assertThat(board.readConfig(BRIDGE, 0x18, 4)).isZero();
        assertThat(board.readConfig(BEHIND, 0, 4)).as("without bus numbers").isEqualTo(-1);
        board.writeConfig(BRIDGE, 0x18, 4, numbers);
        assertThat(board.readConfig(BEHIND, COMMAND, 2)).isZero();
        assertThat(board.readConfig(BEHIND, 0x10, 4)).isZero();
        assertThat(regs.read32(0)).isEqualTo(-1);
        assertThat(beside.journal).isEmpty();
    }

    @Test
    void aBridgeThatKeepsItsStateInD3hotKeepsThatOfWhatIsBehind() {
        plug(new PowerManagementCapability(CAPABILITY, false, false, 0, false));
        behind.cells[0] = 7;

        board.writeConfig(BRIDGE, CAPABILITY + 4, 2, 3);
        assertThat(regs.read32(0)).isEqualTo(-1);
        board.writeConfig(BRIDGE, CAPABILITY + 4, 2, 0);

        assertThat(regs.read32(0)).isEqualTo(7);
        assertThat(behind.journal).doesNotContain("reset");
    }

    @Test
    void aCardThatIsHeldInResetCannotInterruptNorWake() {
        plug(new AdvancedFeaturesCapability(CAPABILITY));
        VectorSet pin = board.vectors(BEHIND, VectorKind.INTX, 1, 1);
        board.writeConfig(BRIDGE, 0x3e, 2, 0x40);

        behind.ports.setPin(true);

        assertThat(pin.asserted(0)).isFalse();
        board.writeConfig(BRIDGE, 0x3e, 2, 0);
        assertThat(pin.asserted(0)).isFalse();
        behind.ports.setPin(true);
        assertThat(pin.asserted(0)).isTrue();
    }
}
