package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.cardcage.device.AcsCapability;
import org.cardcage.device.Bar;
import org.cardcage.device.ExpansionRom;
import org.cardcage.machine.AddressRange;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.SteppedScheduler;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Boards of random shape, on which cards come and go at random: nothing overlaps, what is in use stays. */
class RandomTopologyTest {

    private static final int KIB = 1 << 10;

    /** Of the expansion ROM. */
    private static final int ROM = 6;

    private record Placed(
            String path, FunctionAddress function, int bar, boolean io, AddressRange range, TestCard card) {
        boolean overlaps(Placed other) {
            return this != other && io == other.io && range.overlaps(other.range);
        }
    }

    private record Live(String path, TestCard card, IoMemory regs, long base, long cell) {}

    private int sizes = 20;
    private final SteppedScheduler scheduler = new SteppedScheduler();
    private final List<String> reports = new ArrayList<>();
    private final List<String> buses = new ArrayList<>();
    /** Those of the buses that have device 0 only. */
    private final Set<String> links = new HashSet<>();

    private final List<Live> used = new ArrayList<>();
    private final List<String> paths = new ArrayList<>();
    private final List<TestCard> cards = new ArrayList<>();

    private String free(Random random) {
        while (true) {
            String bus = buses.get(random.nextInt(buses.size()));
            int device = links.contains(bus) ? 0 : 2 + random.nextInt(30);
            String path = String.format("%s%02x.0", bus, device);
            if (!paths.contains(path)) {
                return path;
            }
        }
    }

    private TestCard card(Random random) {
        long size = 16L << random.nextInt(sizes);
        return switch (random.nextInt(5)) {
            case 0 -> TestCard.with(Bar.memory32(0, size, 4, 8), Bar.memory32(3, 4 * KIB, 4));
            case 1 -> TestCard.with(new Bar(2, Bar.Kind.MEMORY_64, true, size, Set.of(4, 8)));
            case 2 -> TestCard.with(new Bar(1, Bar.Kind.MEMORY_32, true, size, Set.of(4)));
            case 3 ->
                new TestCard(TestCard.like(
                                new Bar(0, Bar.Kind.IO, false, 4L << random.nextInt(7), Set.of(1, 2, 4)),
                                new Bar(2, Bar.Kind.MEMORY_64, true, size, Set.of(4)))
                        .rom(new ExpansionRom(
                                2048 << random.nextInt(6), ByteBuffer.wrap(new byte[] {'r', 'o', 'm', '!'})))
                        .build());
            default ->
                TestCard.with(
                        new Bar(0, Bar.Kind.IO, false, 32, Set.of(1, 2, 4)),
                        new Bar(4, Bar.Kind.MEMORY_64, false, size, Set.of(4)));
        };
    }

    private void plug(Board board, Random random, int depth) {
        String path = free(random);
        boolean deep = path.chars().filter(c -> c == '/').count() >= depth;
        paths.add(path);
        if (!deep && random.nextInt(4) == 0) {
            Bridge bridge = bridge(random);
            board.plug(path, bridge);
            buses.add(path + "/");
            if (bridge.description().capability(AcsCapability.class).isPresent()) {
                links.add(path + "/");
            }
            cards.add(null);
        } else {
            TestCard card = card(random);
            board.plug(path, card);
            cards.add(card);
        }
    }

    private static Bridge bridge(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Bridge.pci();
            case 1 -> Bridge.expressToPci();
            case 2 -> Bridge.rootPort(1);
            default -> Bridge.rootPort(2, 2, 0x1000, 4 << 20, 4 << 20);
        };
    }

    private List<Placed> placed(Board board) {
        List<Placed> all = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            TestCard card = cards.get(i);
            FunctionAddress function = board.address(paths.get(i)).orElse(null);
            if (card == null || function == null) {
                continue;
            }
            for (Bar bar : card.description.bars()) {
                int at = 0x10 + 4 * bar.index();
                long base = board.readConfig(function, at, 4) & 0xffff_ffffL;
                if (bar.kind() == Bar.Kind.MEMORY_64) {
                    base |= (long) board.readConfig(function, at + 4, 4) << 32;
                }
                base &= -bar.size();
                if (base != 0) {
                    boolean io = bar.kind() == Bar.Kind.IO;
                    AddressRange range = new AddressRange(base, bar.size());
                    all.add(new Placed(paths.get(i), function, bar.index(), io, range, card));
                }
            }
            long rom = board.readConfig(function, 0x30, 4) & 0xffff_f800L;
            if (rom != 0) {
                int size = card.description.rom().orElseThrow().size();
                all.add(new Placed(paths.get(i), function, ROM, false, new AddressRange(rom, size), card));
            }
        }
        return all;
    }

    private void assertSound(Board board) {
        List<Placed> all = placed(board);
        assertNamed(board, all);
        for (Placed one : all) {
            assertThat(one.range().start() % one.range().length()).isZero();
            assertReached(board, one);
            for (Placed other : all) {
                assertThat(one.overlaps(other)).as("%s overlaps %s", one, other).isFalse();
            }
        }
        for (Live live : used) {
            assertThat(live.regs().read(8, 4)).as(live.path()).isEqualTo(live.cell());
        }
    }

    /** What has no address is off for a reason that was said. */
    private void assertNamed(Board board, List<Placed> all) {
        for (int i = 0; i < paths.size(); i++) {
            TestCard card = cards.get(i);
            String path = paths.get(i);
            FunctionAddress function = board.address(path).orElse(null);
            if (card == null || function == null) {
                assertThat(function != null || !reports.isEmpty()).as(path).isTrue();
                continue;
            }
            for (Bar bar : card.description.bars()) {
                assertHasPlaceOrReason(all, path, function, bar.index(), "BAR " + bar.index());
            }
            if (card.description.rom().isPresent()) {
                assertHasPlaceOrReason(all, path, function, ROM, "the expansion ROM");
            }
        }
    }

    private void assertHasPlaceOrReason(List<Placed> all, String path, FunctionAddress function, int bar, String name) {
        boolean placed = all.stream().anyMatch(p -> p.path().equals(path) && p.bar() == bar);
        assertThat(placed || reports.stream().anyMatch(r -> r.startsWith(function + ":") && r.contains(name)))
                .as("%s of %s at %s has a place or a reason", name, path, function)
                .isTrue();
    }

    private static void assertReached(Board board, Placed one) {
        one.card().journal.clear();
        int rom = board.readConfig(one.function(), 0x30, 4);
        if (one.bar() == ROM) {
            board.writeConfig(one.function(), 0x30, 4, rom | 1);
        }
        long start = one.range().start();
        IoMemory probe = one.io() ? board.mapPorts((int) start, 4) : board.map(start, 16);
        int seen = (int) probe.read(0, 4);
        probe.revoke(IllegalStateException::new);
        String name = one.path() + " BAR " + one.bar() + " at " + one.range();
        if (one.bar() == ROM) {
            assertThat(seen).as(name).isEqualTo(0x216d6f72);
            board.writeConfig(one.function(), 0x30, 4, rom);
        } else {
            assertThat(one.card().journal).as(name).containsExactly("read " + one.bar() + ":0/4");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void cardsComeAndGoAndNothingOverlaps(long seed) {
        Random random = new Random(seed);
        Board board = Board.builder(scheduler).reporter(reports::add).build();
        fill(board, random);
        assertThat(reports.stream().filter(r -> !r.contains("I/O") && !r.contains("of 0x20 bytes")))
                .as("seed %d", seed)
                .isEmpty();
        comeAndGo(board, random);
    }

    @ParameterizedTest
    @ValueSource(longs = {101, 102, 103, 104, 105, 106, 107, 108})
    void alsoWhenAddressesAreShort(long seed) {
        Random random = new Random(seed);
        Board board =
                Board.builder(scheduler).ram(3L << 30).reporter(reports::add).build();
        sizes = 25;
        fill(board, random);
        comeAndGo(board, random);
    }

    private void fill(Board board, Random random) {
        buses.add("00:");
        for (int i = 0; i < 40; i++) {
            plug(board, random, 8);
        }
        board.powerOn();
        assertSound(board);
    }

    private void comeAndGo(Board board, Random random) {
        for (int round = 0; round < 60; round++) {
            int choice = random.nextInt(10);
            if (choice < 5 || placed(board).isEmpty()) {
                plug(board, random, 8);
            } else if (choice < 7) {
                use(board, random, round);
            } else {
                pull(board, random);
            }
            assertSound(board);
        }
    }

    private void use(Board board, Random random, int round) {
        List<Placed> all = placed(board);
        Placed one = all.get(random.nextInt(all.size()));
        if (one.io() || one.bar() == ROM) {
            return;
        }
        IoMemory regs = board.map(one.range().start(), one.range().length());
        regs.write(8, 4, 1000 + round);
        used.removeIf(live -> live.card() == one.card());
        used.add(new Live(one.path(), one.card(), regs, one.range().start(), 1000 + round));
    }

    private void pull(Board board, Random random) {
        String path = paths.get(random.nextInt(paths.size()));
        board.unplug(path);
        for (int i = paths.size() - 1; i >= 0; i--) {
            if (paths.get(i).equals(path) || paths.get(i).startsWith(path + "/")) {
                String gone = paths.remove(i);
                TestCard card = cards.remove(i);
                buses.remove(gone + "/");
                links.remove(gone + "/");
                used.removeIf(live -> live.card() == card);
            }
        }
    }
}
