package org.cardcage.properties;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Many boards, and other ones each time; a failure prints its seed. */
class TopologyFullTest extends TopologyProperties {

    private static final int FEW = 500;
    private static final int MANY = 40;

    @Property(tries = FEW)
    void smallBoardsAreSetUp(@ForAll("few") List<Part> parts) {
        everybodyHasHisPlaceOrIsNamed(parts);
        busNumbersNest(parts);
        windowsNest(parts);
        barsDoNotOverlap(parts);
    }

    @Property(tries = MANY)
    void largeBoardsAreSetUp(@ForAll("many") List<Part> parts) {
        everybodyHasHisPlaceOrIsNamed(parts);
        busNumbersNest(parts);
        windowsNest(parts);
        barsDoNotOverlap(parts);
    }

    @Property(tries = FEW)
    void smallBoardsDecode(@ForAll("few") List<Part> parts) {
        eachBarIsReached(parts);
        eachBarIsReachedThroughItsPathOnly(parts);
    }

    @Property(tries = MANY)
    void largeBoardsDecode(@ForAll("many") List<Part> parts) {
        eachBarIsReached(parts);
        eachBarIsReachedThroughItsPathOnly(parts);
    }

    @Property(tries = FEW)
    void smallBoardsKeepTheirAddresses(@ForAll("few") List<Part> parts) {
        sizingLeavesTheOthersAlone(parts);
        movingLeavesTheOthersAlone(parts);
    }
}
