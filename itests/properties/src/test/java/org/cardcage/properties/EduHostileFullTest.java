package org.cardcage.properties;

import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.cardcage.board.BusPolicy;
import org.cardcage.edu.device.EduOptions;

/** Many attacks, and other ones each time; a failure prints its seed. */
class EduHostileFullTest extends EduHostileProperties {

    @Property(tries = 20_000, edgeCases = EdgeCasesMode.NONE)
    void theCardSurvivesAnythingThatIsDoneToIt(
            @ForAll("policies") BusPolicy policy,
            @ForAll("cards") EduOptions options,
            @ForAll("attacks") List<Attack> attacks) {
        theCardSurvives(policy, options, attacks);
    }
}
