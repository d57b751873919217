package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.device.Bar;
import org.cardcage.device.ExpressCapability;
import org.cardcage.device.ExpressCapability.Port;
import org.cardcage.device.PowerManagementCapability;
import org.cardcage.machine.ErrorSeverity;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.MachineListener;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a root port does of its own: power and link of its slot, and its interrupts. */
class PortTest {

    private static final FunctionAddress PORT = FunctionAddress.parse("00:1c.0");
    private static final String SLOT = "1c.0/00.0";
    private static final int LINK_CONTROL = 0x10;
    private static final int LINK_STATUS = 0x12;
    private static final int SLOT_CONTROL = 0x18;
    private static final int SLOT_STATUS = 0x1a;
    private static final int ROOT_CONTROL = 0x1c;
    private static final int ROOT_STATUS = 0x20;
    private static final int POWER = 0xa0;
    private static final int LINK_DISABLE = 0x10;
    private static final int POWER_OFF = 0x400;
    private static final int LINK_ACTIVE = 0x2000;
    private static final int PRESENT = 0x40;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final List<String> reports = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final Board board = Board.builder(scheduler).reporter(reports::add).build();
    private final TestCard card = new TestCard(TestCard.like(Bar.memory32(0, 1 << 20, 4, 8))
            .capabilities(
                    ExpressCapability.of(Port.ENDPOINT),
                    new PowerManagementCapability(POWER, false, false, 0b11000, true))
            .build());
    private int express;

    @BeforeEach
    void plugACardIntoARootPort() {
        board.plug("1c.0", Bridge.rootPort(3));
        board.plug(SLOT, card);
        board.powerOn();
        express = board.readConfig(PORT, 0x34, 1);
        while (board.readConfig(PORT, express, 1) != 0x10) {
            express = board.readConfig(PORT, express + 1, 1);
        }
        board.writeConfig(PORT, 4, 2, 7);
        port(SLOT_STATUS, 0xffff);
        card.journal.clear();
        board.addListener(new MachineListener() {
            @Override
            public void plugged(FunctionAddress function) {
                heard.add("plugged " + function);
            }

            @Override
            public void gone(FunctionAddress function) {
                heard.add("gone " + function);
            }
        });
    }

    private int port(int register) {
        return board.readConfig(PORT, express + register, 2);
    }

    private void port(int register, int value) {
        board.writeConfig(PORT, express + register, 2, value);
    }

    private List<String> heard() {
        scheduler.settle(Scheduler.NEVER);
        List<String> all = List.copyOf(heard);
        heard.clear();
        return all;
    }

    private FunctionAddress address() {
        return board.address(SLOT).orElseThrow();
    }

    private long base() {
        return board.readConfig(address(), 0x10, 4) & 0xffff_fff0L;
    }

    private void switchOff(int register) {
        port(register, port(register) | (register == SLOT_CONTROL ? POWER_OFF : LINK_DISABLE));
    }

    private void switchOn(int register) {
        port(register, port(register) & ~(register == SLOT_CONTROL ? POWER_OFF : LINK_DISABLE));
    }

    @ParameterizedTest
    @ValueSource(ints = {SLOT_CONTROL, LINK_CONTROL})
    void aCardWithoutPowerOrLinkIsGoneAndComesBackInResetState(int register) {
        FunctionAddress there = address();
        IoMemory regs = board.map(base(), 16);
        board.writeConfig(there, 0x60, 1, 0x5a);
        VectorSet pin = board.vectors(there, VectorKind.INTX, 1, 1);
        card.ports.setPin(true);

        switchOff(register);

        assertThat(heard()).containsExactly("gone " + there);
        assertThat(board.readConfig(there, 0, 4)).isEqualTo(-1);
        assertThat(regs.read32(0)).isEqualTo(-1);
        assertThat(pin.asserted(0)).isFalse();
        card.ports.setPin(true);
        assertThat(pin.asserted(0)).isFalse();
        assertThat(port(SLOT_STATUS) & PRESENT).as("presence").isEqualTo(PRESENT);
        assertThat(port(SLOT_STATUS) & 0x108).as("changes").isEqualTo(0x100);
        assertThat(port(LINK_STATUS) & LINK_ACTIVE).isZero();
        assertThat(card.journal).containsExactly("reset");

        switchOn(register);

        assertThat(heard()).containsExactly("plugged " + there);
        assertThat(port(LINK_STATUS) & LINK_ACTIVE).isEqualTo(LINK_ACTIVE);
        assertThat(board.readConfig(there, 4, 2) & 4).as("bus master").isZero();
        card.cells[0] = 12;
        assertThat(board.map(base(), 16).read32(0)).isEqualTo(12);
        assertThat(reports).isEmpty();
    }

    @Test
    void whatSurvivesAResetOfTheBusDoesNotSurviveTheLossOfPower() {
        board.writeConfig(address(), POWER + 4, 2, 0x100);

        switchOff(LINK_CONTROL);
        switchOn(LINK_CONTROL);
        assertThat(board.readConfig(address(), POWER + 4, 2)).isEqualTo(0x100);
        switchOff(SLOT_CONTROL);
        switchOn(SLOT_CONTROL);

        assertThat(board.readConfig(address(), POWER + 4, 2)).isZero();
    }

    @Test
    void aCardPluggedIntoASlotWithoutPowerIsFoundWhenThePowerComes() {
        board.unplug(SLOT);
        switchOff(SLOT_CONTROL);
        heard();
        TestCard fresh = TestCard.plain();

        board.plug(SLOT, fresh);
        assertThat(heard()).isEmpty();
        assertThat(reports).singleElement().asString().contains("0000:00:1c.0/00.0", "link switched off");
        assertThat(port(SLOT_STATUS) & PRESENT).isEqualTo(PRESENT);
        switchOn(SLOT_CONTROL);

        assertThat(heard()).containsExactly("plugged 0000:01:00.0");
        assertThat(base()).isNotZero();
    }

    @Test
    void aCardPulledOutOfASlotWithoutPowerIsNotToldTwice() {
        switchOff(SLOT_CONTROL);
        assertThat(heard()).containsExactly("gone 0000:01:00.0");

        assertThat(board.unplug(SLOT)).isTrue();

        assertThat(heard()).isEmpty();
        switchOn(SLOT_CONTROL);
        assertThat(heard()).isEmpty();
        assertThat(card.journal).endsWith("powerOff");
    }

    @Test
    void aSwitchWithAllBehindItGoesAndComesWithThePower() {
        board.plug("1d.0", Bridge.rootPort(4, 8, 0, 8 << 20, 8 << 20));
        board.unplug(SLOT);
        board.reset();
        heard();
        board.plug(SlotPath.parse("1d.0/00.0"), Card.expressSwitch(2));
        board.plug("1d.0/00.0/01.0/00.0", TestCard.plain());
        List<String> plugged = heard();
        assertThat(plugged).hasSize(4);
        FunctionAddress other = FunctionAddress.parse("1d.0");

        board.writeConfig(other, express + SLOT_CONTROL, 2, POWER_OFF);
        assertThat(heard())
                .containsExactlyInAnyOrderElementsOf(
                        plugged.stream().map(e -> e.replace("plugged", "gone")).toList());
        board.writeConfig(other, express + SLOT_CONTROL, 2, 0);

        assertThat(heard()).containsExactlyInAnyOrderElementsOf(plugged);
        FunctionAddress deep = board.address("1d.0/00.0/01.0/00.0").orElseThrow();
        assertThat(board.readConfig(deep, 0x10, 4) & ~0xf).as("%s", reports).isNotZero();
        assertThat(reports).isEmpty();
    }

    @Test
    void aResetOfTheBoardSwitchesEverySlotOn() {
        switchOff(SLOT_CONTROL);
        heard();

        board.reset();

        assertThat(heard()).containsExactly("plugged 0000:01:00.0");
        assertThat(base()).isNotZero();
    }

    @Test
    void aSecondaryBusResetIsNoEvent() {
        board.writeConfig(PORT, 0x3e, 2, 0x40);
        board.writeConfig(PORT, 0x3e, 2, 0);

        assertThat(heard()).isEmpty();
        assertThat(port(LINK_STATUS) & LINK_ACTIVE).isEqualTo(LINK_ACTIVE);
    }

    private int interrupts;

    private VectorSet open(VectorKind kind) {
        VectorSet set = board.vectors(PORT, kind, 1, 1);
        set.connect(0, () -> interrupts++);
        return set;
    }

    @ParameterizedTest
    @EnumSource(
            value = VectorKind.class,
            names = {"INTX", "MSI"})
    void aPortInterruptsForWhatHappensAtItsSlotIfSoftwareWantsIt(VectorKind kind) {
        VectorSet set = open(kind);
        board.requestEject(SlotPath.parse(SLOT));
        assertThat(interrupts).as("nothing is enabled").isZero();
        port(SLOT_STATUS, 1);

        port(SLOT_CONTROL, 0x1029 | port(SLOT_CONTROL));
        assertThat(interrupts).isZero();
        board.requestEject(SlotPath.parse(SLOT));
        assertThat(interrupts).isEqualTo(1);
        assertThat(set.asserted(0)).isEqualTo(kind == VectorKind.INTX);
        assertThat(board.readConfig(PORT, 6, 2) & 8).isEqualTo(kind == VectorKind.INTX ? 8 : 0);
        board.requestEject(SlotPath.parse(SLOT));
        assertThat(interrupts).as("the cause is still there").isEqualTo(1);
        port(SLOT_STATUS, 1);
        assertThat(set.asserted(0)).isFalse();

        board.unplug(SLOT);
        assertThat(interrupts).isEqualTo(2);
        port(SLOT_STATUS, 0x108);
        board.plug(SLOT, TestCard.plain());
        assertThat(interrupts).isEqualTo(3);
        port(SLOT_STATUS, 0x108);
        switchOff(SLOT_CONTROL);
        assertThat(interrupts).isEqualTo(4);
        assertThat(reports).isEmpty();
    }

    @Test
    void aCauseThatWaitsInterruptsWhenItIsEnabled() {
        open(VectorKind.MSI);
        board.requestEject(SlotPath.parse(SLOT));

        port(SLOT_CONTROL, 1);
        assertThat(interrupts).isZero();
        port(SLOT_CONTROL, 0x21);

        assertThat(interrupts).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = VectorKind.class,
            names = {"INTX", "MSI"})
    void aRootPortInterruptsForAWakeUp(VectorKind kind) {
        VectorSet set = open(kind);
        board.writeConfig(address(), POWER + 4, 2, 0x103);
        card.ports.wake();
        assertThat(interrupts).isZero();
        board.writeConfig(PORT, express + ROOT_STATUS, 4, 1 << 16);

        port(ROOT_CONTROL, 8);
        card.ports.wake();

        assertThat(interrupts).isEqualTo(1);
        board.writeConfig(PORT, express + ROOT_STATUS, 4, 1 << 16);
        assertThat(set.asserted(0)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aRootPortInterruptsForAnErrorOfTheKindThatIsEnabled(ErrorSeverity severity) {
        VectorSet set = open(VectorKind.INTX);
        int others = 7 & ~(1 << severity.ordinal());
        board.writeConfig(PORT, 0x12c, 4, others);

        board.injectError(address(), severity);
        assertThat(interrupts).isZero();
        board.writeConfig(PORT, 0x12c, 4, 7);

        assertThat(interrupts).isEqualTo(1);
        assertThat(set.asserted(0)).isTrue();
        board.writeConfig(PORT, 0x130, 4, -1);
        assertThat(set.asserted(0)).isFalse();
    }

    @Test
    void aMaskedMessageOfAPortWaits() {
        VectorSet set = open(VectorKind.MSI);
        port(SLOT_CONTROL, 0x21);
        set.setMasked(0, true);

        board.requestEject(SlotPath.parse(SLOT));
        assertThat(interrupts).isZero();
        set.setMasked(0, false);

        assertThat(interrupts).isEqualTo(1);
    }
}
