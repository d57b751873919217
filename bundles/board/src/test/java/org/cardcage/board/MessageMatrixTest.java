package org.cardcage.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.cardcage.device.Bar;
import org.cardcage.device.MsiCapability;
import org.cardcage.device.MsixCapability;
import org.cardcage.device.PowerManagementCapability;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.SteppedScheduler;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every combination of what can keep a message from being sent, and every order in which the obstacles go away, against the
 * rule of the specification (PCI 3.0 sections 6.8.1 and 6.8.2, PCI Power Management 1.2 section 5.4): without enable or
 * outside D0 there is no interrupt; a masked one is pending and sent once when nothing stands in its way; one that is not
 * masked needs the bus there and then.
 */
class MessageMatrixTest {

    private static final FunctionAddress SLOT = FunctionAddress.parse("00:04.0");
    private static final int VECTORS = 4;
    private static final int VECTOR = 2;
    private static final int MSI = 0x40;
    private static final int MSIX = 0x60;
    private static final int POWER = 0x70;
    private static final int BAR = 0xfd00_0000;
    private static final int MEMORY = 2;
    private static final int MASTER = 4;

    /** What can stand in the way. */
    enum Obstacle {
        DISABLED("not enabled"),
        ASLEEP("the function is in D"),
        VECTOR_MASKED(null),
        FUNCTION_MASKED(null),
        NO_MASTER("bus master is off");

        final String explanation;

        Obstacle(String explanation) {
            this.explanation = explanation;
        }
    }

    private final List<String> said = new ArrayList<>();
    private final Board board = Board.builder(new SteppedScheduler())
            .withoutFirmware()
            .reporter(said::add)
            .build();
    private final TestCard card = new TestCard(TestCard.like(Bar.memory32(0, 4096, 4))
            .msi(new MsiCapability(MSI, VECTORS, true, true))
            .capabilities(
                    new MsixCapability(MSIX, VECTORS, 0, 0, 0, 0x800),
                    new PowerManagementCapability(POWER, true, true, 0, false))
            .build());
    private int delivered;
    /** The power state that a function asleep is in: 1 to 3. */
    private int sleep;

    static Stream<Arguments> combinations() {
        return Stream.of(VectorKind.MSI, VectorKind.MSIX)
                .flatMap(kind -> subsets(kind).stream().map(set -> Arguments.of(kind, set)));
    }

    private static List<Set<Obstacle>> subsets(VectorKind kind) {
        List<Obstacle> possible = new ArrayList<>(List.of(Obstacle.values()));
        if (kind == VectorKind.MSI) {
            possible.remove(Obstacle.FUNCTION_MASKED);
        }
        List<Set<Obstacle>> all = new ArrayList<>();
        for (int bits = 0; bits < 1 << possible.size(); bits++) {
            Set<Obstacle> set = EnumSet.noneOf(Obstacle.class);
            for (int i = 0; i < possible.size(); i++) {
                if ((bits >> i & 1) != 0) {
                    set.add(possible.get(i));
                }
            }
            all.add(set);
        }
        return all;
    }

    private static List<List<Obstacle>> orders(Set<Obstacle> obstacles) {
        if (obstacles.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Obstacle>> all = new ArrayList<>();
        for (Obstacle first : obstacles) {
            Set<Obstacle> rest = EnumSet.copyOf(obstacles);
            rest.remove(first);
            for (List<Obstacle> order : orders(rest)) {
                List<Obstacle> whole = new ArrayList<>(List.of(first));
                whole.addAll(order);
                all.add(whole);
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void deliversHoldsOrLosesAsTheSpecificationSays(VectorKind kind, Set<Obstacle> obstacles) {
        board.plug(SLOT, card);
        board.powerOn();
        board.writeConfig(SLOT, 0x10, 4, BAR);
        for (sleep = obstacles.contains(Obstacle.ASLEEP) ? 1 : 3; sleep <= 3; sleep++) {
            for (List<Obstacle> order : orders(obstacles)) {
                delivered = 0;
                said.clear();
                board.writeConfig(SLOT, 4, 2, MEMORY | MASTER);
                try (VectorSet set = board.vectors(SLOT, kind, VECTORS, VECTORS)) {
                    set.connect(VECTOR, () -> delivered++);
                    check(set, obstacles, order);
                }
            }
        }
    }

    private void check(VectorSet set, Set<Obstacle> obstacles, List<Obstacle> order) {
        boolean lost = obstacles.contains(Obstacle.DISABLED) || obstacles.contains(Obstacle.ASLEEP);
        boolean masked = obstacles.contains(Obstacle.VECTOR_MASKED) || obstacles.contains(Obstacle.FUNCTION_MASKED);
        boolean pending = !lost && masked;
        lost |= !masked && obstacles.contains(Obstacle.NO_MASTER);
        put(set, obstacles);

        card.ports.signal(VECTOR);
        card.ports.signal(VECTOR);

        int atOnce = obstacles.isEmpty() ? 2 : 0;
        assertThat(delivered).as("at once").isEqualTo(atOnce);
        assertExplained(lost, obstacles);
        Set<Obstacle> left = obstacles.isEmpty() ? Set.of() : EnumSet.copyOf(obstacles);
        for (Obstacle gone : order) {
            assertPending(set.kind(), pending, left);
            left.remove(gone);
            take(set, gone);
            int expected = pending && left.isEmpty() ? 1 : atOnce;
            assertThat(delivered).as("after %s went, %s left", gone, left).isEqualTo(expected);
        }
        assertPending(set.kind(), false, left);
        assertThat(said).hasSizeLessThanOrEqualTo(1);
    }

    private void assertExplained(boolean lost, Set<Obstacle> obstacles) {
        if (lost) {
            assertThat(said).as("explanations").hasSize(1);
            assertThat(said.get(0)).startsWith("0000:00:04.0: ").contains("vector " + VECTOR + " lost");
            assertThat(obstacles)
                    .anyMatch(o -> o.explanation != null && said.get(0).contains(o.explanation));
        } else {
            assertThat(said).isEmpty();
        }
    }

    private void put(VectorSet set, Set<Obstacle> obstacles) {
        if (obstacles.contains(Obstacle.VECTOR_MASKED)) {
            assertThat(set.setMasked(VECTOR, true)).isTrue();
        }
        if (obstacles.contains(Obstacle.FUNCTION_MASKED)) {
            board.writeConfig(SLOT, MSIX + 2, 2, board.readConfig(SLOT, MSIX + 2, 2) | 0x4000);
        }
        if (obstacles.contains(Obstacle.DISABLED)) {
            enable(set.kind(), false);
        }
        if (obstacles.contains(Obstacle.NO_MASTER)) {
            board.writeConfig(SLOT, 4, 2, MEMORY);
        }
        if (obstacles.contains(Obstacle.ASLEEP)) {
            board.writeConfig(SLOT, POWER + 4, 2, sleep);
        }
    }

    private void enable(VectorKind kind, boolean on) {
        int at = (kind == VectorKind.MSI ? MSI : MSIX) + 2;
        int bit = kind == VectorKind.MSI ? 1 : 0x8000;
        int control = board.readConfig(SLOT, at, 2);
        board.writeConfig(SLOT, at, 2, on ? control | bit : control & ~bit);
    }

    private void take(VectorSet set, Obstacle obstacle) {
        switch (obstacle) {
            case DISABLED -> enable(set.kind(), true);
            case ASLEEP -> board.writeConfig(SLOT, POWER + 4, 2, 0);
            case VECTOR_MASKED -> unmaskThroughWhateverPower(set);
            case FUNCTION_MASKED -> board.writeConfig(SLOT, MSIX + 2, 2, board.readConfig(SLOT, MSIX + 2, 2) & ~0x4000);
            case NO_MASTER -> board.writeConfig(SLOT, 4, 2, MEMORY | MASTER);
        }
    }

    /** The table of MSI-X lies in a BAR, which does not answer outside D0: software wakes the function first. */
    private void unmaskThroughWhateverPower(VectorSet set) {
        int power = board.readConfig(SLOT, POWER + 4, 2);
        boolean asleep = set.kind() == VectorKind.MSIX && (power & 3) != 0;
        if (asleep) {
            board.writeConfig(SLOT, POWER + 4, 2, 0);
        }
        set.setMasked(VECTOR, false);
        if (asleep) {
            board.writeConfig(SLOT, POWER + 4, 2, power);
        }
    }

    private void assertPending(VectorKind kind, boolean expected, Set<Obstacle> left) {
        if (kind == VectorKind.MSI) {
            assertThat(board.readConfig(SLOT, MSI + 0x14, 4)).isEqualTo(expected ? 1 << VECTOR : 0);
        } else if (!left.contains(Obstacle.ASLEEP)) {
            assertThat(board.map(BAR & 0xffff_ffffL, 4096).read32(0x800)).isEqualTo(expected ? 1 << VECTOR : 0);
        }
    }
}
