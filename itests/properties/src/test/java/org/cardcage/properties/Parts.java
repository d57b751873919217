package org.cardcage.properties;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import org.cardcage.device.Bar;

/** Random parts of boards. Shrinking leaves parts out, so what fails ends up small. */
final class Parts {

    private static final int ANY_BUS = 1 << 16;
    private static final int BAR_REGISTERS = 6;

    private Parts() {}

    /** Boards of a few parts. */
    static Arbitrary<List<Part>> few() {
        return part(3, 1).list().ofMaxSize(60).withSizeDistribution(RandomDistribution.uniform());
    }

    /** Boards with hundreds of parts, mostly bridges. */
    static Arbitrary<List<Part>> many() {
        return part(2, 3).list().ofMinSize(200).ofMaxSize(450).withSizeDistribution(RandomDistribution.uniform());
    }

    private static Arbitrary<Part> part(int cards, int bridges) {
        Arbitrary<Part.Kind> kinds = Arbitraries.frequency(
                Tuple.of(cards, Part.Kind.CARD),
                Tuple.of(bridges, Part.Kind.BRIDGE),
                Tuple.of(bridges, Part.Kind.PORT));
        Arbitrary<Integer> buses = Arbitraries.integers().between(0, ANY_BUS);
        Arbitrary<Integer> functions = Arbitraries.frequency(Tuple.of(6, 1), Tuple.of(2, 2), Tuple.of(1, 8));
        return Combinators.combine(
                        buses, kinds, functions.flatMap(count -> bars().list().ofSize(count)))
                .as(Part::new);
    }

    /** The BARs of one function; those that find no register any more are left out. */
    static Arbitrary<List<Bar>> bars() {
        return Combinators.combine(
                        Arbitraries.of(Bar.Kind.values()),
                        Arbitraries.of(false, true),
                        Arbitraries.frequencyOf(
                                Tuple.of(12, Arbitraries.integers().between(4, 16)),
                                Tuple.of(3, Arbitraries.integers().between(17, 24)),
                                Tuple.of(1, Arbitraries.integers().between(25, 28))))
                .as(Wanted::new)
                .list()
                .ofMaxSize(4)
                .map(Parts::place);
    }

    private record Wanted(Bar.Kind kind, boolean prefetchable, int bits) {}

    private static List<Bar> place(List<Wanted> wanted) {
        List<Bar> bars = new ArrayList<>();
        int index = 0;
        for (Wanted w : wanted) {
            int registers = w.kind() == Bar.Kind.MEMORY_64 ? 2 : 1;
            if (index + registers <= BAR_REGISTERS) {
                boolean io = w.kind() == Bar.Kind.IO;
                bars.add(new Bar(
                        index,
                        w.kind(),
                        w.prefetchable() && !io,
                        1L << (io ? 2 + w.bits() % 7 : w.bits()),
                        io ? Set.of(1, 2, 4) : Set.of(1, 2, 4, 8)));
            }
            index += registers;
        }
        return bars;
    }
}
