package org.cardcage.itests;

import java.util.List;

/** What goes on with a card when its driver has to leave: the rows of the table. */
enum RemovalState {
    FILE_OPEN("edu"),
    READER_ASLEEP("edu", "read_mode=2"),
    INSIDE_IOCTL("stubborn"),
    INTERRUPT_PENDING("stubborn"),
    DMA_RUNNING("stubborn"),
    PROBE_RUNNING("stubborn", "hold=probe"),
    HUNG_IN_IOCTL("stubborn"),
    HUNG_IN_PROBE("stubborn", "hold=probe"),
    HUNG_IN_REMOVE("stubborn", "hold=remove");

    final String module;
    final List<String> parameters;

    RemovalState(String module, String... parameters) {
        this.module = module;
        this.parameters = List.of(parameters);
    }

    /** Whether somebody does not leave the driver until the test lets him. */
    boolean isHung() {
        return ordinal() >= HUNG_IN_IOCTL.ordinal();
    }

    /** Whether the driver's probe is under way, so that there is no node yet. */
    boolean isInProbe() {
        return this == PROBE_RUNNING || this == HUNG_IN_PROBE;
    }

    /** Where a hung driver waits to be let go. */
    String place() {
        return switch (this) {
            case HUNG_IN_IOCTL -> "hung";
            case HUNG_IN_REMOVE -> "remove";
            default -> "probe";
        };
    }
}
