package org.cardcage.properties;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Many boards, and other ones each time; a failure prints its seed. */
class HostileFullTest extends HostileProperties {

    @Property(tries = 2000)
    void wrongCardsDoNoHarmAnywhere(@ForAll("few") List<Part> parts, @ForAll("wrong") List<WrongCard> wrong) {
        wrongCardsDoNoHarm(parts, wrong);
    }

    @Property(tries = 2000)
    void aCardThatVanishesDoesNoHarmAnywhere(@ForAll("few") List<Part> parts, @ForAll("moments") int moment) {
        aCardThatVanishesDoesNoHarm(parts, moment);
    }
}
