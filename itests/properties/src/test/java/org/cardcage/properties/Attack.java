package org.cardcage.properties;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Something that hostile software, or somebody with a screwdriver, does to an EDU card.
 *
 * @param kind what
 * @param where an offset or address; what it counts from and how it is made to fit depends on the kind
 * @param size 1, 2, 4 or 8 bytes
 * @param value anything
 */
record Attack(Kind kind, long where, int size, long value) {

    private static final Long[] ODD_PLACES = {
        0x00L, 0x04L, 0x08L, 0x20L, 0x24L, 0x5cL, 0x60L, 0x64L, 0x7cL, 0x80L, 0x88L, 0x90L, 0x94L, 0x98L, 0xa0L,
        0x3fffeL, 0x40000L, 0x40fffL, 0x41000L, 0xffff8L, 0xfffffL
    };
    private static final Long[] ODD_VALUES = {
        0L,
        1L,
        3L,
        5L,
        7L,
        8L,
        0x80L,
        0xffL,
        0x100L,
        0x1000L,
        0x40000L,
        0x40fffL,
        0x41000L,
        0x7fff_ffffL,
        0x8000_0000L,
        0xffff_ffffL,
        0x1_0004_0000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1L,
        -8L
    };

    /** What can be done. */
    enum Kind {
        /** A load from the card's window. */
        READ,
        /** A store into it. */
        WRITE,
        /** A read by a bus that lets everything through. */
        READ_UNCHECKED,
        /** A write by such a bus. */
        WRITE_UNCHECKED,
        READ_CONFIGURATION,
        WRITE_CONFIGURATION,
        /** Messages go to {@code where} from now on, be it the card's own window. */
        AIM_MESSAGES,
        /** A transfer from {@code where} to {@code value}, or the other way round. */
        START_TRANSFER,
        /** A transfer of the whole buffer over the registers of one of the cards. */
        START_TRANSFER_TO_REGISTERS,
        /** A factorial that ends with an interrupt. */
        START_FACTORIAL,
        LET_TIME_PASS,
        RESET_BOARD,
        /** A reset that only the card sees. */
        RESET_CARD,
        /** Pulls the card and plugs in another one. */
        REPLACE_CARD
    }

    /** Any of them. */
    static Arbitrary<Attack> any() {
        Arbitrary<Long> places = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(ODD_PLACES)),
                Tuple.of(2, Arbitraries.longs().between(0, 0xf_ffff)),
                Tuple.of(1, Arbitraries.longs()));
        Arbitrary<Long> values = Arbitraries.oneOf(Arbitraries.of(ODD_VALUES), Arbitraries.longs());
        return Combinators.combine(Arbitraries.of(Kind.values()), places, Arbitraries.of(1, 2, 4, 8), values)
                .as(Attack::new);
    }
}
