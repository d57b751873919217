package org.cardcage.properties;

import java.util.List;
import org.cardcage.device.Bar;

/**
 * One step in the making of a random board.
 *
 * @param bus chooses among the buses that have a place left, modulo their number
 * @param kind what goes there; a card if there is no place for more buses
 * @param functions of a card: the BARs of each
 */
record Part(int bus, Kind kind, List<List<Bar>> functions) {

    /** What there is to plug in. */
    enum Kind {
        CARD,
        /** The bridge to a conventional bus that fits: from a conventional bus or from PCI Express. */
        BRIDGE,
        /** What has PCI Express below it: a root port or a switch; where neither fits, a bridge. */
        PORT
    }
}
