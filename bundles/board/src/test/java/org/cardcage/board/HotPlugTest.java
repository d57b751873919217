package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cardcage.device.Bar;
import org.cardcage.device.DeviceClock;
import org.cardcage.device.FunctionPorts;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.MachineListener;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SleepsForEverException;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.api.Test;

class HotPlugTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final List<String> reports = new ArrayList<>();
    private final Board board =
            Board.builder(scheduler).chipset440fx().reporter(reports::add).build();
    private final List<String> heard = new ArrayList<>();
    private final MachineListener listener = new MachineListener() {
        @Override
        public void plugged(FunctionAddress function) {
            heard.add("plugged " + function + " " + Integer.toHexString(board.readConfig(function, 0x10, 4)));
        }

        @Override
        public void ejectWanted(FunctionAddress function) {
            heard.add("eject " + function);
        }

        @Override
        public void gone(FunctionAddress function) {
            heard.add("gone " + function);
        }
    };

    private void settle() {
        scheduler.settle(Scheduler.NEVER);
    }

    @Test
    void whatIsPluggedBeforePowerOnIsNoEvent() {
        TestCard card = TestCard.plain();
        board.addListener(listener);
        board.plug(SLOT, card);
        assertThat(card.journal).isEmpty();
        assertThat(board.readConfig(SLOT, 0, 4)).isEqualTo(-1);

        board.powerOn();
        board.powerOn();
        settle();

        assertThat(card.journal).containsExactly("powerOn");
        assertThat(heard).isEmpty();
    }

    @Test
    void aCardThatFirmwareStumblesOverCanBePulled() {
        RuntimeException full = new IllegalStateException("the log is full");
        Board strict = Board.builder(scheduler)
                .reporter(message -> {
                    throw full;
                })
                .build();
        strict.powerOn();
        TestCard large = TestCard.with(Bar.memory32(0, 2L << 30, 4));

        assertThatThrownBy(() -> strict.plug(SLOT, large)).isSameAs(full);

        assertThat(strict.unplug(SLOT)).isTrue();
        strict.plug(SLOT, TestCard.plain());
        assertThat(strict.readConfig(SLOT, 0, 4)).isEqualTo(0x5678_1234);
    }

    @Test
    void aResetDoesNotReachACardBeforeItsPower() {
        TestCard present = TestCard.plain();
        TestCard fresh = new TestCard(TestCard.plain().description) {
            @Override
            public void powerOn(FunctionPorts p) {
                board.reset();
                super.powerOn(p);
            }
        };
        board.plug(SLOT, present);
        board.powerOn();

        board.plug("06.0", fresh);

        assertThat(present.journal).containsExactly("powerOn", "reset");
        assertThat(fresh.journal).containsExactly("powerOn");
        assertThat(board.readConfig(FunctionAddress.parse("06.0"), 0x10, 4) & ~0xf)
                .isNotZero();
    }

    @Test
    void aBoardThatIsBeingClosedTakesNoCard() {
        List<String> refusals = new ArrayList<>();
        TestCard late = TestCard.plain();
        board.plug(SLOT, new TestCard(TestCard.plain().description) {
            @Override
            public void powerOff() {
                try {
                    board.plug("06.0", late);
                } catch (IllegalStateException e) {
                    refusals.add(e.getMessage());
                }
            }
        });
        board.powerOn();

        board.close();

        assertThat(refusals).containsExactly("the board is closed");
        assertThat(late.journal).isEmpty();
    }

    @Test
    void aHotPluggedFunctionIsSetUpBeforeListenersHearOfIt() {
        board.powerOn();
        board.addListener(listener);
        board.addListener(listener);

        board.plug(SLOT, TestCard.plain());
        assertThat(heard).isEmpty();
        settle();

        assertThat(heard).containsExactly("plugged 0000:00:04.0 fea00000");
        board.requestEject(SLOT);
        settle();
        assertThat(heard).endsWith("eject 0000:00:04.0");
        board.removeListener(listener);
        board.unplug(SLOT);
        settle();
        assertThat(heard).hasSize(2);
    }

    @Test
    void afterSurpriseRemovalTheFunctionIsNotThere() {
        TestCard card = TestCard.plain();
        board.plug(SLOT, card);
        board.powerOn();
        board.addListener(listener);
        IoMemory regs = board.map(0xfea0_0000L, 0x1000);
        VectorSet intx = board.vectors(SLOT, VectorKind.INTX, 1, 1);
        card.ports.setPin(true);
        card.journal.clear();

        assertThat(board.unplug(SLOT)).isTrue();
        settle();

        assertThat(card.journal).containsExactly("powerOff");
        assertThat(board.readConfig(SLOT, 0, 4)).isEqualTo(-1);
        assertThat(regs.read32(0)).isEqualTo(-1);
        regs.write32(0, 1);
        assertThat(intx.asserted(0)).isFalse();
        assertThat(heard).containsExactly("gone 0000:00:04.0");
        assertThat(board.unplug(SLOT)).isFalse();
    }

    @Test
    void aPulledModelCanDoNothingMore() {
        TestCard card = TestCard.plain();
        board.plug(SLOT, card);
        board.powerOn();
        board.writeConfig(SLOT, 4, 2, 6);
        List<String> ran = new ArrayList<>();
        DeviceClock clock = card.ports.clock();
        clock.schedule(1000, () -> ran.add("alarm"));
        clock.schedule(Long.MAX_VALUE - 1, () -> ran.add("far alarm"));
        card.ports.executor().execute(() -> ran.add("task"));

        board.unplug(SLOT);
        card.ports.executor().execute(() -> ran.add("late task"));
        card.ports.setPin(true);
        card.ports.signal(0);
        scheduler.advance(2000);

        assertThat(ran).isEmpty();
        clock.schedule(Long.MAX_VALUE - 1, () -> ran.add("late alarm"));
        assertThatThrownBy(() -> scheduler.park("an alarm of the card", Scheduler.NEVER))
                .as("nothing is left on the clock")
                .isInstanceOf(SleepsForEverException.class);
        assertThat(card.ports.dma().write(0x20_0000, ByteBuffer.wrap(new byte[] {1})))
                .isFalse();
        assertThat(board.map(0x20_0000, 1).read8(0)).isZero();
    }

    @Test
    void theSlotTakesAnotherCardInResetState() {
        board.plug(SLOT, TestCard.plain());
        board.powerOn();
        board.writeConfig(SLOT, 0x60, 4, 5);
        board.unplug(SLOT);

        TestCard second = TestCard.plain();
        board.plug(SLOT, second);

        assertThat(second.journal).containsExactly("powerOn");
        assertThat(board.readConfig(SLOT, 0x60, 4)).isZero();
        assertThat(board.map(0xfea0_0000L, 4).read32(0)).isZero();
    }

    @Test
    void aTakenOrMissingSlotIsRefusedWithItsName() {
        board.plug(SLOT, TestCard.plain());

        assertThatThrownBy(() -> board.plug(SLOT, TestCard.plain()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0000:00:04.0 is taken");
        assertThatThrownBy(() -> board.plug(FunctionAddress.parse("01.0"), TestCard.plain()))
                .hasMessageContaining("is taken");
        assertThatThrownBy(() -> board.plug(FunctionAddress.parse("1:04.0"), TestCard.plain()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0000:01:04.0");
    }

    @Test
    void aCardThatDoesNotPowerOnLeavesItsSlotFreeAndTheOthersRunning() {
        TestCard broken = new TestCard(TestCard.like().build()) {
            @Override
            public void powerOn(FunctionPorts p) {
                throw new IllegalStateException("smoke");
            }
        };
        board.plug(SLOT, broken);
        board.plug(FunctionAddress.parse("05.0"), TestCard.plain());
        board.powerOn();

        assertThat(reports).singleElement().asString().contains("0000:00:04.0", "smoke");
        assertThat(board.readConfig(FunctionAddress.parse("05.0"), 0, 2)).isEqualTo(0x1234);
        assertThatThrownBy(() -> board.plug(SLOT, broken)).hasMessage("smoke");
        board.plug(SLOT, TestCard.plain());
        assertThat(board.readConfig(SLOT, 0, 2)).isEqualTo(0x1234);
    }

    @Test
    void closingPullsEveryCardAndEndsTheBoard() {
        TestCard card = TestCard.plain();
        board.plug(SLOT, card);
        board.powerOn();
        board.addListener(listener);

        board.close();
        board.close();
        settle();

        assertThat(card.journal).endsWith("powerOff");
        assertThat(heard).containsExactly("gone 0000:00:04.0");
        assertThatThrownBy(() -> board.plug(SLOT, TestCard.plain())).hasMessageContaining("closed");
        assertThatThrownBy(board::powerOn).hasMessageContaining("closed");
    }

    @Test
    void aClosedBoardTellsNobodyAnything() {
        board.powerOn();
        board.addListener(listener);
        board.close();

        board.requestEject(SLOT);
        settle();

        assertThat(heard).isEmpty();
    }

    @Test
    void aCardThatIsBeingPoweredWhenTheBoardIsClosedIsPulledAfterwards() {
        TestCard slow = new TestCard(TestCard.plain().description) {
            @Override
            public void powerOn(FunctionPorts p) {
                super.powerOn(p);
                board.close();
            }
        };
        TestCard present = TestCard.plain();
        board.plug("06.0", present);
        board.powerOn();

        board.plug(SLOT, slow);

        assertThat(slow.journal).containsExactly("powerOn", "powerOff");
        assertThat(present.journal).endsWith("powerOff");
        assertThat(board.isPlugged(SlotPath.of(SLOT))).isFalse();
        assertThat(board.readConfig(SLOT, 0, 4)).isEqualTo(-1);
    }

    @Test
    void aBoardThatIsClosedWhilePoweringOnPullsAllCards() {
        TestCard first = TestCard.plain();
        TestCard closing = new TestCard(TestCard.plain().description) {
            @Override
            public void powerOn(FunctionPorts p) {
                super.powerOn(p);
                board.close();
            }
        };
        board.plug(SLOT, first);
        board.plug("06.0", closing);

        board.powerOn();

        assertThat(first.journal).containsExactly("powerOn", "powerOff");
        assertThat(closing.journal).containsExactly("powerOn", "powerOff");
    }

    @Test
    void resetReachesTheModels() {
        TestCard card = TestCard.plain();
        board.plug(SLOT, card);
        board.powerOn();

        board.reset();

        assertThat(card.journal).contains("reset");
    }

    @Test
    void whatAModelSaysNamesItsSlot() {
        TestCard card = TestCard.plain();
        board.plug(SLOT, card);
        board.powerOn();

        card.ports.report("out of smoke");

        assertThat(reports).containsExactly("0000:00:04.0: out of smoke");
    }
}
