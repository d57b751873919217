package org.cardcage.properties;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import org.cardcage.board.BusPolicy;
import org.cardcage.edu.device.EduOptions;

/** Whatever is done to an EDU card: it throws nothing, no access to it takes long, and it works afterwards. */
abstract class EduHostileProperties {

    @Provide
    Arbitrary<List<Attack>> attacks() {
        return Attack.any().list().ofMinSize(1).ofMaxSize(120);
    }

    @Provide
    Arbitrary<EduOptions> cards() {
        return Combinators.combine(
                        Arbitraries.of(0L, 3_000_000L),
                        Arbitraries.of(100_000_000L, 0L, 1L),
                        Arbitraries.of(0x0fff_ffffL, -1L, 0L, 0xffff_ffffL, 0x5555_5555_5555_5000L))
                .as(EduOptions::new);
    }

    @Provide
    Arbitrary<BusPolicy> policies() {
        return Arbitraries.of(BusPolicy.values());
    }

    static void theCardSurvives(BusPolicy policy, EduOptions options, List<Attack> attacks) {
        Arena arena = new Arena(policy, options);
        attacks.forEach(arena::suffer);
        arena.checkWorks();
    }
}
