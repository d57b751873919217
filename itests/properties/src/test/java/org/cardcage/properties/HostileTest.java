package org.cardcage.properties;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The same boards every time. */
class HostileTest extends HostileProperties {

    private static final String SEED = "20250101";

    @Property(tries = 250, seed = SEED)
    void wrongCardsDoNoHarmOnSmallBoards(@ForAll("few") List<Part> parts, @ForAll("wrong") List<WrongCard> wrong) {
        wrongCardsDoNoHarm(parts, wrong);
    }

    @Property(tries = 250, seed = SEED)
    void aCardThatVanishesDoesNoHarmOnSmallBoards(@ForAll("few") List<Part> parts, @ForAll("moments") int moment) {
        aCardThatVanishesDoesNoHarm(parts, moment);
    }
}
