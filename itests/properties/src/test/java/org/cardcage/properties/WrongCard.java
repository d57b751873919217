package org.cardcage.properties;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.cardcage.device.Bar;
import org.cardcage.device.BridgeHeader;
import org.cardcage.device.FunctionDescription;
import org.cardcage.device.RegisterBits;

/**
 * A card whose configuration space leads software astray.
 *
 * @param bus chooses among the buses that have a place left, modulo their number
 * @param fault what is wrong
 * @param seed a value for those faults that have several forms
 */
record WrongCard(int bus, Fault fault, int seed) {

    private static final int STATUS = 0x06;
    private static final int HAS_CAPABILITIES = 0x10;
    private static final int HEADER_TYPE = 0x0e;
    private static final int BAR_0 = 0x10;
    private static final int BUS_NUMBERS = 0x18;
    private static final int CAPABILITIES = 0x34;
    private static final int FIRST = 0x40;
    private static final int SECOND = 0x50;
    private static final int VENDOR_SPECIFIC = 0x09;

    /** What can be wrong. */
    enum Fault {
        CAPABILITY_POINTS_AT_ITSELF,
        CAPABILITIES_POINT_AT_EACH_OTHER,
        CAPABILITY_POINTER_INTO_HEADER,
        BRIDGE_NAMES_ITS_OWN_BUS,
        BRIDGE_NAMES_AN_EARLIER_BUS,
        BRIDGE_NAMES_ANY_BUSES,
        BAR_IS_ZERO,
        BAR_IS_ALL_ONES,
        HEADER_TYPE_UNKNOWN,
        BYTES_AT_RANDOM
    }

    /** Any such card on any bus. */
    static Arbitrary<WrongCard> any() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1 << 16),
                        Arbitraries.of(Fault.values()),
                        Arbitraries.integers())
                .as(WrongCard::new);
    }

    /** Whether somebody must have said something about it. */
    boolean mustBeNamed() {
        return switch (fault) {
            case BRIDGE_NAMES_ITS_OWN_BUS, BRIDGE_NAMES_AN_EARLIER_BUS, HEADER_TYPE_UNKNOWN -> true;
            default -> false;
        };
    }

    FunctionDescription description() {
        boolean bridge = fault.name().startsWith("BRIDGE");
        FunctionDescription.Builder card =
                FunctionDescription.of(0x1234, 0xbad0 | fault.ordinal(), bridge ? 0x060400 : 0xff0000);
        if (bridge) {
            card.bridge(BridgeHeader.usual());
        } else {
            card.bars(Bar.memory32(0, 4096, 4));
        }
        return card.registers(bytes().toArray(RegisterBits[]::new)).build();
    }

    private List<RegisterBits> bytes() {
        return switch (fault) {
            case CAPABILITY_POINTS_AT_ITSELF ->
                List.of(
                        RegisterBits.fixed(STATUS, 2, HAS_CAPABILITIES),
                        RegisterBits.fixed(CAPABILITIES, 1, FIRST),
                        RegisterBits.fixed(FIRST, 2, FIRST << 8 | VENDOR_SPECIFIC));
            case CAPABILITIES_POINT_AT_EACH_OTHER ->
                List.of(
                        RegisterBits.fixed(STATUS, 2, HAS_CAPABILITIES),
                        RegisterBits.fixed(CAPABILITIES, 1, FIRST),
                        RegisterBits.fixed(FIRST, 2, SECOND << 8 | VENDOR_SPECIFIC),
                        RegisterBits.fixed(SECOND, 2, FIRST << 8 | VENDOR_SPECIFIC));
            case CAPABILITY_POINTER_INTO_HEADER ->
                List.of(
                        RegisterBits.fixed(STATUS, 2, HAS_CAPABILITIES),
                        RegisterBits.fixed(CAPABILITIES, 1, seed & 0x3f));
            case BRIDGE_NAMES_ITS_OWN_BUS -> List.of(RegisterBits.fixed(BUS_NUMBERS, 3, 0));
            case BRIDGE_NAMES_AN_EARLIER_BUS -> List.of(RegisterBits.fixed(BUS_NUMBERS, 3, 0xff_00_00));
            case BRIDGE_NAMES_ANY_BUSES -> List.of(RegisterBits.fixed(BUS_NUMBERS, 3, seed));
            case BAR_IS_ZERO -> List.of(RegisterBits.fixed(BAR_0, 4, 0));
            case BAR_IS_ALL_ONES -> List.of(RegisterBits.fixed(BAR_0, 4, -1));
            case HEADER_TYPE_UNKNOWN -> List.of(RegisterBits.fixed(HEADER_TYPE, 1, 0x03 | seed & 0x7c));
            case BYTES_AT_RANDOM ->
                List.of(
                        // behind the ids, since a function that denies its presence is no challenge
                        RegisterBits.fixed(4 + (seed >>> 24) % 56, 4, seed * 31),
                        RegisterBits.fixed(4 + (seed >>> 16 & 0xff) % 56, 2, seed * 37),
                        RegisterBits.fixed(0x40 + (seed >>> 8 & 0x7f), 4, seed * 41),
                        RegisterBits.fixed(CAPABILITIES, 1, seed));
        };
    }
}
