package org.cardcage.device;

import java.util.Objects;
import java.util.Optional;

/**
 * A PCI Express capability, version 2 (PCI Express 4.0 section 7.5.3). A function that has it has 4 KiB of configuration
 * space.
 *
 * @param offset of the capability, or {@link #ANYWHERE}
 * @param port what the function is
 * @param speed of the link: 1 for 2.5 GT/s, 2 for 5, 3 for 8, 4 for 16
 * @param width of the link in lanes: 1, 2, 4, 8, 12, 16 or 32
 * @param functionLevelReset whether the function can be reset alone
 * @param slot the slot below a port, if there is one
 */
public record ExpressCapability(
        int offset, Port port, int speed, int width, boolean functionLevelReset, Optional<Slot> slot)
        implements Capability {

    /** What a function is in the hierarchy: the values of the device/port type field. */
    public enum Port {
        ENDPOINT(0),
        LEGACY_ENDPOINT(1),
        ROOT_PORT(4),
        UPSTREAM_PORT(5),
        DOWNSTREAM_PORT(6),
        /** A bridge from PCI Express above to conventional PCI below. */
        TO_PCI_BRIDGE(7),
        /** A bridge from conventional PCI above to PCI Express below. */
        FROM_PCI_BRIDGE(8),
        /** An endpoint on a root bus, without a link. */
        INTEGRATED_ENDPOINT(9);

        private final int code;

        Port(int code) {
            this.code = code;
        }

        /** The value of the field. */
        public int code() {
            return code;
        }

        /** Whether the other end of its link lies below it. */
        public boolean facesDown() {
            return this == ROOT_PORT || this == DOWNSTREAM_PORT;
        }

        /** Whether it has a link at all. */
        public boolean hasLink() {
            return this != INTEGRATED_ENDPOINT;
        }
    }

    /**
     * A slot below a port.
     *
     * @param number physical number, 13 bits
     * @param hotPlug whether cards may come and go
     * @param surprise whether they may go without being asked for
     * @param attentionButton whether somebody at the slot can ask for a card
     * @param powerController whether software can switch its power
     */
    public record Slot(
            int number, boolean hotPlug, boolean surprise, boolean attentionButton, boolean powerController) {

        /** @throws IllegalArgumentException if the number is out of its range */
        public Slot {
            CapabilityPlace.limit("slot number", number, 0x1fff);
        }

        /** A slot that always has power. */
        public Slot(int number, boolean hotPlug, boolean surprise, boolean attentionButton) {
            this(number, hotPlug, surprise, attentionButton, false);
        }

        /** A slot with everything that hot-plug needs. */
        public static Slot hotPlug(int number) {
            return new Slot(number, true, true, true, true);
        }
    }

    /** @throws IllegalArgumentException if a part is out of its range */
    public ExpressCapability {
        Objects.requireNonNull(port, "port");
        if (speed < 1 || speed > 4) {
            throw new IllegalArgumentException("link speed " + speed + ": must be 1 to 4");
        }
        if (width != 12 && (Integer.bitCount(width) != 1 || width > 32 || width < 1)) {
            throw new IllegalArgumentException("link of " + width + " lanes: must be 1, 2, 4, 8, 12, 16 or 32");
        }
        if (slot.isPresent() && !port.facesDown()) {
            throw new IllegalArgumentException("a " + port + " has no slot");
        }
    }

    /** Somewhere; 2.5 GT/s, one lane, no function-level reset, no slot. */
    public static ExpressCapability of(Port port) {
        return new ExpressCapability(ANYWHERE, port, 1, 1, false, Optional.empty());
    }

    /** The same with another link. */
    public ExpressCapability withLink(int newSpeed, int newWidth) {
        return new ExpressCapability(offset, port, newSpeed, newWidth, functionLevelReset, slot);
    }

    /** The same with function-level reset. */
    public ExpressCapability withFunctionLevelReset() {
        return new ExpressCapability(offset, port, speed, width, true, slot);
    }

    /** The same with a slot below it. */
    public ExpressCapability withSlot(Slot below) {
        return new ExpressCapability(offset, port, speed, width, functionLevelReset, Optional.of(below));
    }

    /** The same at another place. */
    public ExpressCapability at(int newOffset) {
        return new ExpressCapability(newOffset, port, speed, width, functionLevelReset, slot);
    }

    @Override
    public int id() {
        return 0x10;
    }

    @Override
    public int length() {
        return 0x3c;
    }
}
