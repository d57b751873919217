package org.cardcage.shell.internal.lspci.capability;

/**
 * What the PCI Express capabilities register says of a function (PCI Express 5.0 section 7.5.3.2).
 *
 * @param register 16 bits
 */
record ExpressPort(int register) {

    private static final int SLOT_IMPLEMENTED = 0x100;

    /** Device and port types by their numbers. */
    enum Kind {
        ENDPOINT(0, "Endpoint"),
        LEGACY_ENDPOINT(1, "Legacy Endpoint"),
        ROOT_PORT(4, "Root Port"),
        UPSTREAM(5, "Upstream Port"),
        DOWNSTREAM(6, "Downstream Port"),
        TO_PCI(7, "PCI-Express to PCI/PCI-X Bridge"),
        FROM_PCI(8, "PCI/PCI-X to PCI-Express Bridge"),
        ROOT_INTEGRATED(9, "Root Complex Integrated Endpoint"),
        ROOT_EVENT_COLLECTOR(10, "Root Complex Event Collector"),
        UNKNOWN(-1, "Unknown type");

        private final int number;
        private final String title;

        Kind(int number, String title) {
            this.number = number;
            this.title = title;
        }

        static Kind of(int number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            return UNKNOWN;
        }
    }

    int version() {
        return register & 0xf;
    }

    Kind kind() {
        return Kind.of(register >> 4 & 0xf);
    }

    /** Number of the message for hot-plug and power management. */
    int message() {
        return register >> 9 & 0x1f;
    }

    /** Whether it is the upper end of a link. */
    boolean isDownstream() {
        return mayHaveSlot();
    }

    boolean hasSlot() {
        return mayHaveSlot() && (register & SLOT_IMPLEMENTED) != 0;
    }

    boolean hasLink() {
        return kind() != Kind.ROOT_INTEGRATED && kind() != Kind.ROOT_EVENT_COLLECTOR;
    }

    /** Whether it has the root registers. */
    boolean isRoot() {
        return kind() == Kind.ROOT_PORT || kind() == Kind.ROOT_EVENT_COLLECTOR;
    }

    String title() {
        if (mayHaveSlot()) {
            return kind().title + " (Slot" + ((register & SLOT_IMPLEMENTED) != 0 ? "+)" : "-)");
        }
        return kind() == Kind.UNKNOWN ? kind().title + " " + (register >> 4 & 0xf) : kind().title;
    }

    private boolean mayHaveSlot() {
        return kind() == Kind.ROOT_PORT || kind() == Kind.DOWNSTREAM || kind() == Kind.FROM_PCI;
    }
}
