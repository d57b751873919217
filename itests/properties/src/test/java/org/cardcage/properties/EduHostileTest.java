package org.cardcage.properties;

import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.cardcage.board.BusPolicy;
import org.cardcage.edu.device.EduOptions;

/** The same attacks every time. */
class EduHostileTest extends EduHostileProperties {

    @Property(tries = 400, seed = "20250101", edgeCases = EdgeCasesMode.NONE)
    void theCardSurvivesWhateverIsDoneToIt(
            @ForAll("policies") BusPolicy policy,
            @ForAll("cards") EduOptions options,
            @ForAll("attacks") List<Attack> attacks) {
        theCardSurvives(policy, options, attacks);
    }
}
