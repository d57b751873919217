package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.device.Bar;
import org.cardcage.device.FunctionPorts;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.MachineListener;
import org.cardcage.machine.Scheduler;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.api.Test;

class HotPlugBehindBridgesTest {

    private static final int MIB = 1 << 20;
    private static final int SLOT_STATUS = 0x1a;

    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final List<String> reports = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final Board board = Board.builder(scheduler).reporter(reports::add).build();

    private void powerOn() {
        board.powerOn();
        board.addListener(new MachineListener() {
            @Override
            public void plugged(FunctionAddress function) {
                heard.add("plugged " + function);
            }

            @Override
            public void ejectWanted(FunctionAddress function) {
                heard.add("eject " + function);
            }

            @Override
            public void windowsMoved(FunctionAddress bridge) {
                heard.add("windows " + bridge);
            }

            @Override
            public void gone(FunctionAddress function) {
                heard.add("gone " + function);
            }
        });
    }

    private List<String> heard() {
        scheduler.settle(Scheduler.NEVER);
        List<String> all = List.copyOf(heard);
        heard.clear();
        return all;
    }

    private static TestCard memory(long size) {
        return TestCard.with(Bar.memory32(0, size, 4, 8));
    }

    private long base(String path) {
        FunctionAddress function = board.address(path).orElseThrow(() -> new AssertionError(path + "; " + reports));
        return board.readConfig(function, 0x10, 4) & 0xffff_fff0L;
    }

    private IoMemory use(String path) {
        return board.map(base(path), 16);
    }

    /** The card answers at its BAR, and at no other card's. */
    private void assertWorks(TestCard card, String path) {
        card.journal.clear();
        use(path).read32(0);
        assertThat(card.journal).containsExactly("read 0:0/4");
    }

    private int slotStatus(String port) {
        FunctionAddress function = board.address(port).orElseThrow();
        int at = board.readConfig(function, 0x34, 1);
        while (board.readConfig(function, at, 1) != 0x10) {
            at = board.readConfig(function, at + 1, 1);
        }
        return board.readConfig(function, at + SLOT_STATUS, 2);
    }

    @Test
    void aCardBehindARootPortComesAndGoesWithItsSlotStatus() {
        board.plug("1c.0", Bridge.rootPort(1));
        powerOn();
        assertThat(slotStatus("1c.0") & 0x48).isZero();

        TestCard card = memory(MIB);
        board.plug("1c.0/00.0", card);
        assertThat(heard()).containsExactly("plugged 0000:01:00.0");
        assertThat(slotStatus("1c.0") & 0x48).isEqualTo(0x48);
        assertWorks(card, "1c.0/00.0");
        board.requestEject(SlotPath.parse("1c.0/00.0"));
        assertThat(heard()).containsExactly("eject 0000:01:00.0");
        assertThat(slotStatus("1c.0") & 1).isEqualTo(1);
        IoMemory regs = use("1c.0/00.0");

        assertThat(board.unplug("1c.0/00.0")).isTrue();

        assertThat(heard()).containsExactly("gone 0000:01:00.0");
        assertThat(slotStatus("1c.0") & 0x40).isZero();
        assertThat(regs.read32(0)).isEqualTo(-1);
        assertThat(card.journal).endsWith("powerOff");
        assertThat(reports).isEmpty();
    }

    @Test
    void aSlotShowsItsCardAfterAReset() {
        board.plug("1c.0", Bridge.rootPort(1));
        board.plug("1c.0/00.0", TestCard.plain());
        powerOn();

        board.reset();

        assertThat(slotStatus("1c.0") & 0x40).isEqualTo(0x40);
        assertThat(base("1c.0/00.0")).isNotZero();
    }

    @Test
    void aWindowGrowsIntoFreeAddressesWithoutDisturbingWhatIsInUse() {
        board.plug("05.0", Bridge.pci());
        TestCard first = memory(MIB);
        board.plug("05.0/00.0", first);
        powerOn();
        IoMemory regs = use("05.0/00.0");
        long before = base("05.0/00.0");

        TestCard second = memory(4 * MIB);
        board.plug("05.0/01.0", second);

        assertThat(heard()).containsExactly("windows 0000:00:05.0", "plugged 0000:01:01.0");
        assertThat(base("05.0/00.0")).isEqualTo(before);
        first.cells[0] = 99;
        assertThat(regs.read32(0)).isEqualTo(99);
        assertWorks(second, "05.0/01.0");
        assertThat(reports).isEmpty();
    }

    @Test
    void aWindowWithNothingInUseInsideMovesToWhereThereIsRoom() {
        board.plug("05.0", Bridge.rootPort(1));
        board.plug("06.0", Bridge.rootPort(2));
        board.plug("06.0/00.0", memory(MIB));
        board.plug("07.0", Bridge.rootPort(3));
        powerOn();
        IoMemory other = use("06.0/00.0");

        TestCard large = memory(256 * MIB);
        board.plug("05.0/00.0", large);

        assertThat(heard()).containsExactly("windows 0000:00:05.0", "plugged 0000:01:00.0");
        assertWorks(large, "05.0/00.0");
        assertThat(other.read32(0)).isZero();
        assertThat(reports).isEmpty();
    }

    /** A hole of 1 GiB less the APICs, in which a card of 512 MiB fits in one place only. */
    private Board tight() {
        return Board.builder(scheduler).ram(3L << 30).reporter(reports::add).build();
    }

    @Test
    void anIdleCardThatIsInTheWayMovesAndThatIsToldAsGoneAndPlugged() {
        Board full = tight();
        TestCard idle = memory(MIB);
        full.plug("03.0", idle);
        full.plug("04.0", memory(MIB));
        full.powerOn();
        FunctionAddress inTheWay = FunctionAddress.parse("03.0");
        full.writeConfig(inTheWay, 0x10, 4, 0xc000_0000);
        List<String> events = new ArrayList<>();
        full.addListener(new MachineListener() {
            @Override
            public void plugged(FunctionAddress function) {
                events.add("plugged " + function);
            }

            @Override
            public void gone(FunctionAddress function) {
                events.add("gone " + function);
            }
        });
        TestCard large = memory(512 * MIB);

        full.plug("05.0", large);
        scheduler.settle(Scheduler.NEVER);

        assertThat(events).containsExactly("gone 0000:00:03.0", "plugged 0000:00:03.0", "plugged 0000:00:05.0");
        assertThat(full.readConfig(FunctionAddress.parse("05.0"), 0x10, 4)).isEqualTo(0xc000_0000);
        long moved = full.readConfig(inTheWay, 0x10, 4) & 0xffff_ffffL;
        assertThat(moved).isGreaterThanOrEqualTo(0xe000_0000L);
        idle.cells[0] = 5;
        assertThat(full.map(moved, 4).read32(0)).isEqualTo(5);
        assertThat(full.map(0xc000_0000L, 4).read32(0)).isZero();
        assertThat(large.journal).endsWith("read 0:0/4");
        assertThat(reports).isEmpty();
    }

    @Test
    void aCardInUseIsNotMovedAndTheNewOneStaysOffWithAReason() {
        for (boolean mapped : new boolean[] {true, false}) {
            reports.clear();
            Board full = tight();
            full.plug("03.0", memory(MIB));
            full.powerOn();
            FunctionAddress inTheWay = FunctionAddress.parse("03.0");
            full.writeConfig(inTheWay, 0x10, 4, 0xc000_0000);
            IoMemory use = mapped ? full.map(0xc000_0000L, 16) : null;
            full.writeConfig(inTheWay, 4, 2, mapped ? 2 : 6);

            full.plug("05.0", memory(512 * MIB));

            assertThat(full.readConfig(FunctionAddress.parse("05.0"), 0x10, 4)).isZero();
            assertThat(full.readConfig(inTheWay, 0x10, 4)).isEqualTo(0xc000_0000);
            assertThat(reports)
                    .singleElement()
                    .asString()
                    .contains("0000:00:05.0", "no room for BAR 0 of 0x20000000 bytes");
            assertThat(use == null || use.read32(0) == 0).isTrue();
        }
    }

    @Test
    void idleNeighboursBehindABridgeMakeRoomWhenTheWindowCannotGrow() {
        Board full = tight();
        full.plug("05.0", Bridge.pci());
        full.plug("05.0/01.0", memory(256 * MIB));
        full.plug("05.0/02.0", memory(256 * MIB));
        TestCard used = memory(256 * MIB);
        full.plug("06.0", used);
        full.powerOn();
        FunctionAddress busy = FunctionAddress.parse("06.0");
        IoMemory regs = full.map(full.readConfig(busy, 0x10, 4) & 0xffff_fff0L, 16);
        assertThat(full.unplug("05.0/02.0")).isTrue();

        full.plug("05.0/03.0", memory(64 * MIB), memory(64 * MIB), memory(128 * MIB));

        used.cells[0] = 77;
        assertThat(regs.read32(0)).isEqualTo(77);
        for (String path : List.of("05.0/01.0", "05.0/03.0", "05.0/03.1", "05.0/03.2")) {
            FunctionAddress function = full.address(path).orElseThrow();
            assertThat(full.readConfig(function, 0x10, 4)).as(path).isNotZero();
        }
        assertThat(reports).isEmpty();
    }

    @Test
    void anEmptyPortGivesUpItsWindowEvenIfTheKernelHasEnabledIt() {
        Board full = tight();
        full.plug("05.0", Bridge.rootPort(1));
        full.plug("06.0", Bridge.rootPort(2));
        full.plug("07.0", Bridge.rootPort(3));
        full.powerOn();
        for (int device = 5; device <= 7; device++) {
            full.writeConfig(new FunctionAddress(0, 0, device, 0), 4, 2, 7);
        }
        // in the middle of the only place for a BAR of 512 MiB
        full.writeConfig(FunctionAddress.parse("07.0"), 0x20, 4, 0xd010_d000);

        full.plug("06.0/00.0", memory(512 * MIB));

        assertThat(full.readConfig(FunctionAddress.parse("02:00.0"), 0x10, 4)).isEqualTo(0xc000_0000);
        assertThat(reports).isEmpty();
    }

    @Test
    void aSwitchNeedsBusNumbersThatWereKeptForIt() {
        board.plug("1c.0", Bridge.rootPort(1, 8, 0x1000, 8 * MIB, 8 * MIB));
        board.plug("1d.0", Bridge.rootPort(2));
        powerOn();
        SlotPath slot = SlotPath.parse("1c.0/00.0");

        board.plug(slot, Card.expressSwitch(4).with("00.0/01.0/00.0", TestCard.plain()));
        assertThat(heard()).hasSize(6).startsWith("plugged 0000:01:00.0").contains("plugged 0000:04:00.0");
        board.plug("1c.0/00.0/03.0/00.0", memory(4 * MIB));
        assertThat(heard()).contains("plugged 0000:06:00.0");
        assertThat(base("1c.0/00.0/03.0/00.0")).as("%s", reports).isNotZero();
        assertThat(reports).isEmpty();

        assertThat(board.unplug(slot)).isTrue();
        assertThat(heard()).hasSize(7).endsWith("gone 0000:01:00.0");
        assertThat(board.address("1c.0/00.0/03.0/00.0")).isEmpty();

        board.plug(SlotPath.parse("1d.0/00.0"), Card.expressSwitch(2));
        assertThat(reports).hasSize(1).allMatch(r -> r.contains("no bus number is left"));
        board.plug("1d.0/00.0/00.0/00.0", memory(MIB));
        assertThat(reports).last().asString().contains("cannot be reached");
    }

    @Test
    void aSubtreeIsGoneAtOnceWhenItsBridgeIsPulled() {
        board.plug("05.0", Bridge.pci());
        board.plug("05.0/01.0", Bridge.pci());
        TestCard deep = TestCard.plain();
        board.plug("05.0/01.0/02.0", deep);
        powerOn();
        IoMemory regs = use("05.0/01.0/02.0");

        assertThat(board.unplug("05.0")).isTrue();

        assertThat(regs.read32(0)).isEqualTo(-1);
        assertThat(deep.journal).endsWith("powerOff");
        assertThat(heard()).containsExactly("gone 0000:02:02.0", "gone 0000:01:01.0", "gone 0000:00:05.0");
        board.plug("05.0", TestCard.plain());
        assertThat(base("05.0")).isNotZero();
    }

    @Test
    void aFunctionThatComesLaterLeavesItsSiblingAlone() {
        TestCard first = memory(MIB);
        board.plug("05.0", first);
        powerOn();
        IoMemory regs = use("05.0");
        first.cells[0] = 4;

        board.plug("05.1", memory(2 * MIB));

        assertThat(regs.read32(0)).isEqualTo(4);
        assertThat(board.readConfig(FunctionAddress.parse("05.0"), 0x0e, 1)).isEqualTo(0x80);
        assertThat(base("05.1")).isNotZero();
        assertThat(heard()).containsExactly("plugged 0000:00:05.1");
    }

    @Test
    void aCardThatIsPulledWhileItCannotBeReachedIsGoneFromWhereItWas() {
        board.plug("05.0", Bridge.rootPort(1));
        board.plug("05.0/00.0", TestCard.plain());
        powerOn();
        board.writeConfig(FunctionAddress.parse("05.0"), 0x3e, 2, 0x40);
        assertThat(board.address("05.0/00.0")).isEmpty();

        board.unplug("05.0/00.0");

        assertThat(heard()).containsExactly("gone 0000:01:00.0");
        board.plug("05.0/00.0", TestCard.plain());
        assertThat(reports).last().asString().contains("0000:00:05.0/00.0", "reset");
    }

    @Test
    void aCardOfWhichOneFunctionDoesNotPowerOnIsNotPluggedInAtAll() {
        powerOn();
        TestCard good = TestCard.plain();
        TestCard broken = new TestCard(TestCard.like().build()) {
            @Override
            public void powerOn(FunctionPorts p) {
                throw new IllegalStateException("smoke");
            }
        };

        assertThatThrownBy(() -> board.plug("05.0", good, broken)).hasMessage("smoke");

        assertThat(good.journal).containsExactly("powerOn", "powerOff");
        assertThat(board.address("05.0")).isEmpty();
        board.plug("05.0", TestCard.plain());
    }

    @Test
    void cardsBehindABridgeThatDoesNotPowerOnAreLeftOut() {
        TestCard broken = new TestCard(Bridge.pci().description()) {
            @Override
            public void powerOn(FunctionPorts p) {
                throw new IllegalStateException("smoke");
            }
        };
        TestCard behind = TestCard.plain();
        board.plug("05.0", broken);
        board.plug("05.0/01.0", behind);
        powerOn();

        assertThat(behind.journal).isEmpty();
        assertThat(reports).hasSize(2).anyMatch(r -> r.contains("left out"));
    }
}
