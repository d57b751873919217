package org.cardcage.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.osgi.service.feature.FeatureConfiguration;

class DumpedBoardTest {

    private static final int TYPE0 = 0;
    private static final int TYPE1 = 1;

    private final List<DumpedFunction> dump = new ArrayList<>();

    private DumpedFunction function(int domain, int bus, int device, int function, int type) {
        DumpedFunction f = new DumpedFunction(dump.size() + 1, domain, bus, device, function);
        for (int i = 0; i < 256; i++) {
            f.put(i, 0);
        }
        set(f, 0, 2, 0x8086);
        set(f, 0x0e, 1, type);
        dump.add(f);
        return f;
    }

    private DumpedFunction card(int bus, int device) {
        return function(0, bus, device, 0, TYPE0);
    }

    private DumpedFunction bridge(int bus, int device, int secondary, int subordinate) {
        DumpedFunction bridge = function(0, bus, device, 0, TYPE1);
        set(bridge, 0x18, 1, bus);
        set(bridge, 0x19, 1, secondary);
        set(bridge, 0x1a, 1, subordinate);
        return bridge;
    }

    private static void set(DumpedFunction f, int offset, int width, long value) {
        for (int i = 0; i < width; i++) {
            f.put(offset + i, (int) (value >>> 8 * i) & 0xff);
        }
    }

    private static DumpedFunction bar(DumpedFunction f, int index, long value) {
        set(f, 0x10 + 4 * index, 4, value);
        return f;
    }

    private Map<String, Object> values(String pid) {
        return byPid(new DumpedBoard("x", dump, true).configurations()).get(pid);
    }

    private static Map<String, Map<String, Object>> byPid(Collection<FeatureConfiguration> configurations) {
        return configurations.stream()
                .collect(Collectors.toMap(FeatureConfiguration::getPid, FeatureConfiguration::getValues));
    }

    private static List<String> functions(DumpedBoard board) {
        return Arrays.asList((String[]) byPid(board.configurations())
                .get("org.cardcage.passive.device.dump")
                .get("functions"));
    }

    /** Slot and sizes of BARs of each function, by its first row. */
    private static Map<String, String> heads(DumpedBoard board) {
        return functions(board).stream()
                .map(text -> text.split("\n", 3))
                .collect(Collectors.toMap(lines -> lines[1], lines -> lines[0], (a, b) -> a + " and " + b));
    }

    private List<String> bars(DumpedFunction f) {
        set(f, 2, 2, f.line);
        String head = heads(new DumpedBoard("x", dump, true)).get(f.rows().get(0));
        return List.of(head.substring(head.indexOf(' ') + 1).split(" "));
    }

    private List<String> roots() {
        return Arrays.asList((String[]) values("org.cardcage.board").get("root_buses"));
    }

    private Map<String, String> slots() {
        return heads(new DumpedBoard("x", dump, true)).entrySet().stream()
                .collect(Collectors.toMap(e -> e.getKey().substring(4, 15), Map.Entry::getValue));
    }

    @Test
    void bridgesLeadToTheSlotsOfADump() {
        set(bridge(0, 0x1c, 1, 3), 2, 2, 1);
        set(bridge(1, 0, 2, 3), 2, 2, 2);
        set(card(2, 4), 2, 2, 3);

        assertThat(slots())
                .containsEntry("86 80 01 00", "0000:00:1c.0")
                .containsEntry("86 80 02 00", "0000:00:1c.0/00.0")
                .containsEntry("86 80 03 00", "0000:00:1c.0/00.0/04.0");
    }

    @Test
    void aBusWithoutABridgeIsARootBusAndOneBelowABridgeIsLeftOut() {
        card(0, 0);
        bridge(0, 1, 1, 4);
        card(3, 0);
        card(0x80, 5);
        function(1, 0, 0, 0, TYPE0);
        DumpedBoard board = new DumpedBoard("x", dump, true);

        assertThat(roots()).containsExactly("0000:00", "0000:80", "0001:00");
        assertThat(board.remarks()).containsExactly("bus 0000:03 is left out: no bridge of the dump leads to it");
    }

    @Test
    void whatAMachineCouldNotFindIsLeftOut() {
        card(0, 0);
        function(0, 0, 1, 2, TYPE0);
        set(card(0, 2), 0, 4, -1);

        assertThat(new DumpedBoard("x", dump, true).remarks())
                .containsExactly(
                        "0000:00:01.2 is left out: there is no function 0 of its device",
                        "0000:00:02.0 is left out: it does not give a vendor id");
    }

    @Test
    void aRootBusMayLieBetweenTheBusesOfBridges() {
        bridge(0, 1, 0x10, 0x1f);
        bridge(0, 2, 0x40, 0x4f);
        card(0x20, 0);

        assertThat(roots()).containsExactly("0000:00", "0000:20");
    }

    @Test
    void aBridgeWhoseNumbersMakeNoSenseLeadsNowhere() {
        bridge(0, 1, 0xff, 1);
        bridge(0, 2, 0, 5);
        card(0xff, 0);

        assertThat(roots()).containsExactly("0000:00", "0000:ff");
    }

    @Test
    void behindAPortOfPciExpressThereIsDevice0Only() {
        express(bridge(0, 1, 1, 1), 4);
        card(1, 0);
        card(1, 1);

        assertThat(new DumpedBoard("x", dump, true).remarks())
                .containsExactly("0000:01:01.0 is left out: the link of the port 0000:00:01.0 leads to device 0 only");
    }

    private static void express(DumpedFunction f, int port) {
        set(f, 0x06, 1, 0x10);
        set(f, 0x34, 1, 0x40);
        set(f, 0x40, 4, 0x10 | (long) port << 20);
    }

    @Test
    void aSleepingBridgeIsWokenUpIfSomethingIsBehindIt() {
        DumpedFunction awake = bridge(0, 1, 1, 1);
        DumpedFunction asleep = bridge(0, 2, 2, 2);
        for (DumpedFunction f : List.of(awake, asleep)) {
            set(f, 0x06, 1, 0x10);
            set(f, 0x34, 1, 0xc0);
            set(f, 0xc0, 2, 0x0001);
            set(f, 0xc4, 1, 0x0b);
        }
        card(1, 0);

        assertThat(new DumpedBoard("x", dump, true).remarks())
                .containsExactly(
                        "0000:00:01.0 is woken up: as it sleeps in the dump, nothing behind it could be found");
        assertThat(awake.read(0xc4, 1)).isEqualTo(0x08);
        assertThat(asleep.read(0xc4, 1)).isEqualTo(0x0b);
    }

    @Test
    void addressesThatNoMachineReachesAreNotRouted() {
        bar(bar(card(0x80, 1), 0, 0xfffffff4L), 1, 0xffffffffL);
        bar(card(0x80, 2), 0, 0xfff0_0001L);
        bar(card(0x80, 3), 0, 0x0010_0000L);
        DumpedFunction all = bridge(0x80, 4, 0x81, 0x81);
        set(all, 0x24, 4, 0xfff1_0001L);
        set(all, 0x2c, 4, 0xffff_ffffL);

        assertThat(roots()).containsExactly("0000:80 mem 10000000-fedfffff mem fef00000-fffffffffffff");
        assertThat(values("org.cardcage.board")).containsEntry("ram", 256L);
    }

    @Test
    void betweenTheAddressesOfARootBusAndTheNextThereIsRoomForCards() {
        bar(card(0x40, 1), 0, 0xc000_0000L);
        bar(card(0x80, 1), 0, 0xd000_0000L);
        bar(card(0, 1), 0, 0xe000_0000L);

        assertThat(roots())
                .containsExactly("0000:00", "0000:40 mem c0000000-cfffffff", "0000:80 mem d0000000-dfffffff");
    }

    @Test
    void aDeviceWithSeveralFunctionsSaysSo() {
        DumpedFunction first = card(0, 0);
        function(0, 0, 0, 3, TYPE0);
        function(0, 0, 0, 4, TYPE0);

        assertThat(new DumpedBoard("x", dump, true).remarks())
                .containsExactly(
                        "0000:00:00.0 is made a multi-function device: without that bit 0000:00:00.3 could not be found");
        assertThat(first.read(0x0e, 1)).isEqualTo(0x80);
    }

    @Test
    void aBarEndsAtItsAlignmentTheNextOneOrTheWindow() {
        DumpedFunction aligned = bar(card(0, 1), 0, 0xe010_0000L);
        DumpedFunction close = bar(bar(card(0, 2), 0, 0xf000_0008L), 1, 0xf000_4000L);
        DumpedFunction bridge = bridge(0, 3, 1, 1);
        set(bridge, 0x20, 4, 0xf810_f800L);
        DumpedFunction last = bar(card(1, 0), 0, 0xf800_0000L);
        DumpedFunction ports = bar(bar(card(0, 4), 0, 0xc001), 1, 0xc021);
        DumpedFunction large = bar(bar(card(0, 5), 0, 0xc), 1, 0x40);

        assertThat(bars(aligned)).containsExactly("0=" + (1 << 20));
        assertThat(bars(close)).containsExactly("0=" + 0x4000, "1=" + 0x4000);
        assertThat(bars(last)).containsExactly("0=" + (2 << 20));
        assertThat(bars(ports)).containsExactly("0=32", "1=32");
        assertThat(bars(large)).containsExactly("0=" + (256 << 20));
    }

    @Test
    void whatTheTextSaysOfTheSameAddressIsTheSize() {
        DumpedFunction f = bar(bar(card(0, 1), 0, 0xe000_0000L), 1, 0xe100_0000L);
        f.regions.add(new DumpedFunction.Region(DumpedFunction.Kind.MEMORY, 0xe000_0000L, 4096));
        f.regions.add(new DumpedFunction.Region(DumpedFunction.Kind.MEMORY, 0xd000_0000L, 4096));

        assertThat(bars(f)).containsExactly("0=4096", "1=" + (16 << 20));
    }

    @Test
    void eachRootBusGetsTheAddressesThatAreInUseBelowIt() {
        bar(card(0, 1), 0, 0xc000_0000L);
        bar(card(0x80, 1), 0, 0xd000_0000L);
        bar(bar(card(0x80, 2), 0, 0xd200_0000L), 1, 0x9001);
        bar(bar(card(0, 3), 0, 0xc), 1, 0x40);

        assertThat(roots())
                .containsExactly("0000:00 mem 4000000000-400fffffff", "0000:80 mem d0000000-d3ffffff port 9000-90ff");
    }

    @Test
    void ramEndsBelowTheFirstBar() {
        bar(card(0, 1), 0, 0x0400_0000L);

        assertThat(values("org.cardcage.board")).containsEntry("ram", 64L).containsEntry("firmware_has_run", true);
    }

    @Test
    void theSizesOfARecordedMachineAreThoseThatLinuxFoundOrMore() throws Exception {
        List<DumpedFunction> pc = LspciDump.read(Path.of("src/test/resources/dumps/pc.txt"));
        List<String> made =
                heads(new DumpedBoard("pc", pc, true)).values().stream().toList();

        assertThat(made)
                .contains(
                        "0000:00:03.0 0=" + (128 << 10) + " 1=64 rom=" + (256 << 10),
                        "0000:00:02.0 0=" + (16 << 20) + " 2=4096 rom=" + (64 << 10))
                .anySatisfy(head -> assertThat(head).contains("0000:00:05.0/01.0 "));
    }
}
