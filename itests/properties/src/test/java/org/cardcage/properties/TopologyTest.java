package org.cardcage.properties;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The same boards every time. */
class TopologyTest extends TopologyProperties {

    private static final String SEED = "20250101";

    @Property(tries = 100, seed = SEED)
    void everybodyHasHisPlaceOrIsNamedOnSmallBoards(@ForAll("few") List<Part> parts) {
        everybodyHasHisPlaceOrIsNamed(parts);
    }

    @Property(tries = 15, seed = SEED)
    void everybodyHasHisPlaceOrIsNamedOnLargeBoards(@ForAll("many") List<Part> parts) {
        everybodyHasHisPlaceOrIsNamed(parts);
    }

    @Property(tries = 100, seed = SEED)
    void busNumbersNestOnSmallBoards(@ForAll("few") List<Part> parts) {
        busNumbersNest(parts);
    }

    @Property(tries = 15, seed = SEED)
    void busNumbersNestOnLargeBoards(@ForAll("many") List<Part> parts) {
        busNumbersNest(parts);
    }

    @Property(tries = 100, seed = SEED)
    void windowsNestOnSmallBoards(@ForAll("few") List<Part> parts) {
        windowsNest(parts);
    }

    @Property(tries = 15, seed = SEED)
    void windowsNestOnLargeBoards(@ForAll("many") List<Part> parts) {
        windowsNest(parts);
    }

    @Property(tries = 100, seed = SEED)
    void barsDoNotOverlapOnSmallBoards(@ForAll("few") List<Part> parts) {
        barsDoNotOverlap(parts);
    }

    @Property(tries = 15, seed = SEED)
    void barsDoNotOverlapOnLargeBoards(@ForAll("many") List<Part> parts) {
        barsDoNotOverlap(parts);
    }

    @Property(tries = 100, seed = SEED)
    void eachBarIsReachedOnSmallBoards(@ForAll("few") List<Part> parts) {
        eachBarIsReached(parts);
    }

    @Property(tries = 15, seed = SEED)
    void eachBarIsReachedOnLargeBoards(@ForAll("many") List<Part> parts) {
        eachBarIsReached(parts);
    }

    @Property(tries = 60, seed = SEED)
    void eachBarIsReachedThroughItsPathOnlyOnSmallBoards(@ForAll("few") List<Part> parts) {
        eachBarIsReachedThroughItsPathOnly(parts);
    }

    @Property(tries = 60, seed = SEED)
    void sizingLeavesTheOthersAloneOnSmallBoards(@ForAll("few") List<Part> parts) {
        sizingLeavesTheOthersAlone(parts);
    }

    @Property(tries = 60, seed = SEED)
    void movingLeavesTheOthersAloneOnSmallBoards(@ForAll("few") List<Part> parts) {
        movingLeavesTheOthersAlone(parts);
    }
}
