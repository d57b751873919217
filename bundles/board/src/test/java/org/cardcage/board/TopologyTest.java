package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cardcage.device.Bar;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.MachineDescription.HostBridge;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Boards of several shapes: numbers, windows and pins that firmware gives them. */
class TopologyTest {

    private static final int MIB = 1 << 20;

    private final List<String> reports = new ArrayList<>();
    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final Board board =
            Board.builder(scheduler).chipset440fx().reporter(reports::add).build();

    private static TestCard memory(long size) {
        return TestCard.with(Bar.memory32(0, size, 4, 8));
    }

    private FunctionAddress at(String path) {
        return board.address(path).orElseThrow(() -> new AssertionError(path + " is not reachable; " + reports));
    }

    private int config(String path, int offset, int size) {
        return board.readConfig(at(path), offset, size);
    }

    private long bar(String path, int index) {
        return config(path, 0x10 + 4 * index, 4) & 0xffff_fff0L;
    }

    /** The memory window of a bridge, or null. */
    private AddressRange window(String path) {
        long raw = config(path, 0x20, 4) & 0xffff_ffffL;
        long base = (raw & 0xfff0) << 16;
        long limit = raw & 0xfff0_0000L | 0xf_ffff;
        return base > limit ? null : new AddressRange(base, limit - base + 1);
    }

    @Test
    void busesAreNumberedDepthFirstAndWindowsNest() {
        board.plug("00:05.0", Bridge.rootPort(1));
        board.plug("00:05.0/00.0", Bridge.expressToPci());
        board.plug("00:05.0/00.0/01.0", memory(MIB));
        board.plug("00:06.0", Bridge.rootPort(2));
        board.plug("00:04.0", memory(MIB));
        board.powerOn();

        assertThat(at("00:05.0/00.0")).hasToString("0000:01:00.0");
        assertThat(at("00:05.0/00.0/01.0")).hasToString("0000:02:01.0");
        assertThat(config("00:05.0", 0x18, 4)).isEqualTo(0x020100);
        assertThat(config("00:05.0/00.0", 0x18, 4)).isEqualTo(0x020201);
        assertThat(config("00:06.0", 0x18, 4)).isEqualTo(0x030300);
        assertThat(bar("00:04.0", 0)).isEqualTo(0xfea0_0000L);
        AddressRange inner = window("00:05.0/00.0");
        assertThat(window("00:05.0").contains(inner.start(), inner.length())).isTrue();
        assertThat(inner.contains(bar("00:05.0/00.0/01.0", 0), MIB)).isTrue();
        assertThat(window("00:06.0").length()).isEqualTo(2 * MIB);
        assertThat(window("00:06.0").overlaps(window("00:05.0"))).isFalse();
        assertThat(reports).isEmpty();
    }

    @Test
    void aBridgeWithNothingBehindHasClosedWindows() {
        board.plug("00:05.0", Bridge.pci());
        board.powerOn();

        assertThat(window("00:05.0")).isNull();
        assertThat(config("00:05.0", 0x1c, 2)).isEqualTo(0x00f0);
        assertThat(config("00:05.0", 0x24, 4) & 0xfff0fff0).isEqualTo(0x0000fff0);
    }

    @Test
    void everyKindOfBarGoesIntoItsWindow() {
        Bar io = new Bar(0, Bar.Kind.IO, false, 0x20, Set.of(1, 2, 4));
        Bar plain = Bar.memory32(1, 0x1000, 4);
        Bar wide = new Bar(2, Bar.Kind.MEMORY_64, true, 4 * MIB, Set.of(4, 8));
        Bar narrow = new Bar(4, Bar.Kind.MEMORY_32, true, 0x2000, Set.of(4));
        board.plug("00:05.0", Bridge.pci());
        board.plug("00:05.0/1f.0", TestCard.with(io, plain, wide, narrow));
        board.powerOn();
        String card = "00:05.0/1f.0";

        assertThat(config("00:05.0", 0x1c, 1) & 0xf0).isEqualTo(config(card, 0x10, 2) >>> 8 & 0xf0);
        assertThat(window("00:05.0").contains(bar(card, 1), 0x1000)).isTrue();
        assertThat(window("00:05.0").contains(bar(card, 4), 0x2000)).isTrue();
        long prefetch = (config("00:05.0", 0x24, 2) & 0xfff0L) << 16;
        assertThat(bar(card, 2)).isEqualTo(prefetch);
        for (int i : new int[] {1, 2, 4}) {
            assertThat(board.map(bar(card, i) + 8, 4).read32(0)).isZero();
        }
        assertThat(board.mapPorts(config(card, 0x10, 4) & ~3, 4).read32(0)).isZero();
        assertThat(reports).isEmpty();
    }

    @Test
    void prefetchableMemoryThatDoesNotFitBelow4GiBGoesAboveWithItsWindow() {
        board.plug("00:05.0", Bridge.rootPort(1));
        board.plug("00:05.0/00.0", TestCard.with(new Bar(0, Bar.Kind.MEMORY_64, true, 8L << 30, Set.of(4, 8))));
        board.powerOn();

        int upper = config("00:05.0/00.0", 0x14, 4);
        assertThat(upper).isPositive();
        assertThat(config("00:05.0", 0x28, 4)).isEqualTo(upper);
        assertThat(config("00:05.0", 0x2c, 4)).isEqualTo(upper + 1);
        assertThat(board.map(((long) upper << 32) + (7L << 30), 8).read32(0)).isZero();
        assertThat(reports).isEmpty();
    }

    @Test
    void aSwitchIsFourBridgesAndEachPortHasItsBus() {
        board.plug("00:1c.0", Bridge.rootPort(1));
        board.plug(SlotPath.parse("00:1c.0/00.0"), Card.expressSwitch(3));
        board.plug("00:1c.0/00.0/02.0/00.0", memory(0x1000), memory(0x1000));
        board.powerOn();

        assertThat(at("00:1c.0/00.0/00.0")).hasToString("0000:02:00.0");
        assertThat(at("00:1c.0/00.0/02.0/00.0")).hasToString("0000:05:00.0");
        assertThat(at("00:1c.0/00.0/02.0/00.1")).hasToString("0000:05:00.1");
        assertThat(config("00:1c.0", 0x18, 4)).isEqualTo(0x050100);
        assertThat(config("00:1c.0/00.0/02.0/00.0", 0x0e, 1)).isEqualTo(0x80);
        assertThat(bar("00:1c.0/00.0/02.0/00.1", 0)).isNotZero().isNotEqualTo(bar("00:1c.0/00.0/02.0/00.0", 0));
    }

    @ParameterizedTest
    @CsvSource({"04.0, 1, 11", "05.0/01.0, 1, 10", "05.0/02.0, 1, 11", "05.0/01.0, 4, 10", "06.0/03.0/02.0, 1, 11"})
    void eachBridgeTurnsTheInterruptPins(String path, int pin, int line) {
        board.plug("05.0", Bridge.pci());
        board.plug("06.0", Bridge.pci());
        board.plug("06.0/03.0", Bridge.pci());
        TestCard card = new TestCard(TestCard.like().interruptPin(pin).build());
        board.plug(path, card);
        board.powerOn();

        assertThat(config(path, 0x3c, 1)).isEqualTo(line);
        var vectors = board.vectors(at(path), VectorKind.INTX, 1, 1);
        assertThat(vectors.hardwareNumber(0)).isEqualTo(line);
        card.ports.setPin(true);
        assertThat(vectors.asserted(0)).isTrue();
    }

    @Test
    void severalRootBusesAndDomainsShareTheAddresses() {
        Board big = Board.builder(scheduler)
                .rootBus(0, 0x80)
                .rootBus(1, 0)
                .reporter(reports::add)
                .build();
        Bar io = new Bar(1, Bar.Kind.IO, false, 0x20, Set.of(1, 2, 4));
        for (String root : List.of("00:04.0", "80:04.0", "1:00:04.0")) {
            big.plug(root, TestCard.with(Bar.memory32(0, MIB, 4), io));
        }
        big.plug("80:05.0", Bridge.pci());
        big.plug("80:05.0/00.0", memory(MIB));
        big.powerOn();

        assertThat(reports).isEmpty();
        assertThat(big.address("80:05.0/00.0")).hasToString("Optional[0000:81:00.0]");
        List<HostBridge> hosts = big.description().hostBridges();
        assertThat(hosts).extracting(HostBridge::lastBus).containsExactly(0x7f, 0xff, 0xff);
        List<AddressRange> all =
                hosts.stream().flatMap(h -> h.memory().stream()).toList();
        for (AddressRange one : all) {
            assertThat(all.stream().filter(one::overlaps)).hasSize(1);
        }
        List<Long> bases = new ArrayList<>();
        for (FunctionAddress f : List.of(
                FunctionAddress.parse("00:04.0"),
                FunctionAddress.parse("80:04.0"),
                FunctionAddress.parse("81:00.0"),
                FunctionAddress.parse("1:00:04.0"))) {
            long base = big.readConfig(f, 0x10, 4) & 0xffff_fff0L;
            assertThat(big.map(base, 4).read32(0)).isZero();
            bases.add(base);
        }
        assertThat(bases).doesNotHaveDuplicates();
    }

    @Test
    void aWindowThatIsTooLargeGivesUpWhatIsLargestAndSaysSo() {
        Board full =
                Board.builder(scheduler).ram(3L << 30).reporter(reports::add).build();
        full.plug("05.0", Bridge.pci());
        full.plug("05.0/01.0", memory(1L << 30));
        full.plug("05.0/02.0", memory(MIB));
        full.powerOn();

        FunctionAddress small = full.address("05.0/02.0").orElseThrow();
        assertThat(full.readConfig(small, 0x10, 4)).isNotZero();
        assertThat(full.readConfig(full.address("05.0/01.0").orElseThrow(), 0x10, 4))
                .isZero();
        assertThat(reports).singleElement().asString().contains("0000:01:01.0", "BAR 0", "0x40000000", "0000:00:05.0");
    }

    @Test
    void moreBridgesThanBusNumbersAreSaidAndTheRestWorks() {
        Board small =
                Board.builder(scheduler).rootBus(0, 3).reporter(reports::add).build();
        for (int i = 1; i <= 4; i++) {
            small.plug(String.format("%02x.0", i), Bridge.pci());
            small.plug(String.format("%02x.0/00.0", i), TestCard.plain());
        }
        small.powerOn();

        assertThat(small.address("02.0/00.0")).hasToString("Optional[0000:02:00.0]");
        assertThat(small.address("03.0/00.0")).isEmpty();
        assertThat(reports)
                .hasSize(2)
                .allMatch(r -> r.contains("no bus number"))
                .anyMatch(r -> r.contains("00:04.0"));
    }

    @Test
    void aChainOf255BridgesIsReachedToItsEnd() {
        StringBuilder path = new StringBuilder("03.0");
        for (int i = 0; i < 255; i++) {
            board.plug(path.toString(), Bridge.pci());
            path.append("/00.0");
        }
        board.plug(path.toString(), TestCard.plain());
        board.plug("04.0", Bridge.pci());
        board.powerOn();

        assertThat(at(path.toString())).hasToString("0000:ff:00.0");
        assertThat(board.map(bar(path.toString(), 0), 4).read32(0)).isZero();
        assertThat(reports).singleElement().asString().contains("0000:00:04.0", "no bus number");
    }

    @Test
    void slotsExistOnlyBehindBridges() {
        board.plug("04.0", TestCard.plain());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> board.plug("04.0/00.0", TestCard.plain()))
                .withMessageContaining("no bridge sits at 0000:00:04.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> board.plug("05.0/00.0", TestCard.plain()))
                .withMessageContaining("nothing sits at 0000:00:05.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> board.plug("1:00:05.0", TestCard.plain()))
                .withMessageContaining("no root bus 0001:00");
        board.plug("06.0", Bridge.rootPort(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> board.plug("06.0/01.0", TestCard.plain()))
                .withMessageContaining("0000:00:06.0 leads to device 0 only");
        board.plug("05.0", Bridge.pci());
        board.plug("05.0/00.0", TestCard.plain(), TestCard.plain());
        assertThatThrownBy(() -> board.plug("05.0/00.1", TestCard.plain()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0000:00:05.0/00.1 is taken");
        assertThat(board.address("07.0")).isEqualTo(Optional.empty());
    }

    @Test
    void theConventionalPartsOfACardComeAndGoTogether() {
        Card card = Card.of(TestCard.plain(), Bridge.pci()).with("00.1/03.0", TestCard.plain());
        board.plug(SlotPath.parse("09.0"), card);
        board.powerOn();
        assertThat(at("09.1/03.0")).hasToString("0000:01:03.0");

        board.unplug("09.1");

        assertThat(board.address("09.0")).isEmpty();
        assertThat(board.address("09.1/03.0")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Card.of(TestCard.plain()).with("00.0/00.0", TestCard.plain()));
    }
}
