package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.device.AerCapability;
import org.cardcage.device.Bar;
import org.cardcage.device.Capability;
import org.cardcage.device.ExpressCapability;
import org.cardcage.device.ExpressCapability.Port;
import org.cardcage.device.PowerManagementCapability;
import org.cardcage.machine.ErrorSeverity;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.MachineListener;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Wake-ups, errors and messages of a card behind a root port. */
class EventTest {

    private static final FunctionAddress PORT = FunctionAddress.parse("00:1c.0");
    private static final int EXPRESS = 0x60;
    private static final int POWER = 0xa0;
    private static final int AER = 0x100;

    private final List<String> said = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Board board = Board.builder(scheduler).reporter(said::add).build();
    private TestCard card;
    private FunctionAddress slot;

    private void plug(Capability... capabilities) {
        card = new TestCard(TestCard.like(Bar.memory32(0, 4096, 4))
                .capabilities(capabilities)
                .build());
        board.plug("00:1c.0", Bridge.rootPort(1));
        board.plug("00:1c.0/00.0", card);
        board.powerOn();
        slot = board.address("00:1c.0/00.0").orElseThrow();
        board.addListener(new MachineListener() {
            @Override
            public void plugged(FunctionAddress function) {
                heard.add("plugged " + function);
            }

            @Override
            public void gone(FunctionAddress function) {
                heard.add("gone " + function);
            }

            @Override
            public void wakeRequested(FunctionAddress function) {
                heard.add("wake " + function);
            }

            @Override
            public void errorReported(FunctionAddress function, ErrorSeverity severity) {
                heard.add(severity + " " + function);
            }
        });
    }

    private static ExpressCapability express() {
        return ExpressCapability.of(Port.ENDPOINT).at(EXPRESS);
    }

    /** Of the root port: offset of its PCI Express capability. */
    private int portExpress() {
        int at = board.readConfig(PORT, 0x34, 1);
        while (board.readConfig(PORT, at, 1) != 0x10) {
            at = board.readConfig(PORT, at + 1, 1);
        }
        return at;
    }

    @Test
    void aWakeUpIsToldIfSoftwareWantsItAndTheRootPortShowsWhoItWas() {
        plug(express(), new PowerManagementCapability(POWER, false, false, 0b11000, true));
        board.writeConfig(slot, POWER + 4, 2, 3);
        card.ports.wake();
        scheduler.settle(Scheduler.NEVER);
        assertThat(heard).isEmpty();
        assertThat(board.readConfig(slot, POWER + 4, 2)).isEqualTo(0x8003);

        board.writeConfig(slot, POWER + 4, 2, 0x8103);
        card.ports.wake();
        scheduler.settle(Scheduler.NEVER);

        assertThat(heard).containsExactly("wake " + slot);
        assertThat(board.readConfig(slot, POWER + 4, 2)).isEqualTo(0x8103);
        assertThat(board.readConfig(PORT, portExpress() + 0x20, 4)).isEqualTo(1 << 16 | slot.bus() << 8);
    }

    @ParameterizedTest
    @EnumSource(ErrorSeverity.class)
    void anErrorIsToldAndShownByTheFunctionAndTheRootPort(ErrorSeverity severity) {
        plug(express(), new AerCapability());

        assertThat(board.injectError(slot, severity)).contains(severity);
        scheduler.settle(Scheduler.NEVER);

        assertThat(heard).containsExactly(severity + " " + slot);
        assertThat(board.readConfig(slot, EXPRESS + 0x0a, 2)).isEqualTo(1 << severity.ordinal());
        int status = severity == ErrorSeverity.CORRECTABLE ? 0x10 : 0x04;
        assertThat(board.readConfig(slot, AER + status, 4)).isNotZero();
        assertThat(board.readConfig(PORT, AER + 0x30, 4)).isNotZero();
        int source = severity == ErrorSeverity.CORRECTABLE ? 0x34 : 0x36;
        assertThat(board.readConfig(PORT, AER + source, 2)).isEqualTo(slot.bus() << 8);
    }

    @Test
    void aMaskedErrorIsShownAndNotTold() {
        plug(express(), new AerCapability());
        board.writeConfig(slot, AER + 8, 4, -1);

        assertThat(board.injectError(slot, ErrorSeverity.FATAL)).isEmpty();
        scheduler.settle(Scheduler.NEVER);

        assertThat(heard).isEmpty();
        assertThat(board.readConfig(slot, AER + 4, 4)).isEqualTo(1 << 18);
    }

    @Test
    void anErrorIsToldWithTheSeverityThatSoftwareGaveIt() {
        plug(express(), new AerCapability());
        board.writeConfig(slot, AER + 0xc, 4, 0);

        assertThat(board.injectError(slot, ErrorSeverity.FATAL)).contains(ErrorSeverity.NON_FATAL);
    }

    @Test
    void aConventionalFunctionSignalsASystemErrorAndAnEmptySlotNothing() {
        plug();

        assertThat(board.injectError(slot, ErrorSeverity.NON_FATAL)).contains(ErrorSeverity.NON_FATAL);
        assertThat(board.readConfig(slot, 6, 2) & 0x4000).isNotZero();
        assertThat(board.injectError(slot.withFunction(5), ErrorSeverity.FATAL)).isEmpty();
    }

    @Test
    void aMessageThatABridgeDoesNotLetThroughNamesTheBridge() {
        plug();
        VectorSet set = board.vectors(slot, VectorKind.MSI, 1, 1);
        set.connect(0, () -> heard.add("message"));
        board.writeConfig(slot, 4, 2, 6);
        card.ports.signal(0);
        card.ports.signal(0);
        assertThat(heard).isEmpty();
        assertThat(said)
                .containsExactly(slot + ": MSI vector 0 lost: bus master of the bridge " + PORT
                        + " is off (bit 2 of its command register)");

        board.writeConfig(PORT, 4, 2, 7);
        card.ports.signal(0);
        assertThat(heard).containsExactly("message");
    }
}
