package org.cardcage.board.internal;

import org.cardcage.device.ExpressCapability;
import org.cardcage.device.ExpressCapability.Port;
import org.cardcage.device.ExpressCapability.Slot;

/**
 * The registers of a PCI Express capability (PCI Express 4.0 section 7.5.3). Threads: guarded by the lock of the {@link
 * Fabric}.
 */
final class ExpressRegisters {

    /** Slot status (section 7.5.3.11): somebody has pressed the attention button. */
    private static final int ATTENTION_PRESSED = 1;
    /** Slot status: a card has come or gone. */
    private static final int PRESENCE_CHANGED = 1 << 3;
    /** Slot status: a card is there. */
    private static final int PRESENCE = 1 << 6;
    /** Slot status: the link has come up or gone down. */
    private static final int LINK_CHANGED = 1 << 8;

    private static final int FLAGS = 0x02;
    private static final int DEVICE_CAPABILITIES = 0x04;
    private static final int DEVICE_CONTROL = 0x08;
    private static final int DEVICE_STATUS = 0x0a;
    private static final int LINK_CAPABILITIES = 0x0c;
    private static final int LINK_CONTROL = 0x10;
    private static final int LINK_STATUS = 0x12;
    private static final int SLOT_CAPABILITIES = 0x14;
    private static final int SLOT_CONTROL = 0x18;
    private static final int SLOT_STATUS = 0x1a;
    private static final int ROOT_CONTROL = 0x1c;
    private static final int ROOT_STATUS = 0x20;
    private static final int LINK_CAPABILITIES_2 = 0x2c;
    private static final int LINK_CONTROL_2 = 0x30;
    private static final int END = 0x3c;

    private static final int VERSION = 2;
    private static final int HAS_SLOT = 1 << 8;
    private static final int ROLE_BASED_ERRORS = 1 << 15;
    private static final int FUNCTION_RESET = 1 << 28;
    private static final int INITIATE_FUNCTION_RESET = 1 << 15;
    /** Relaxed ordering, no snoop, reads of 512 bytes: what a function comes up with. */
    private static final int DEVICE_CONTROL_DEFAULT = 0x2810;

    private static final int LINK_ACTIVE_REPORTING = 1 << 20;
    private static final int LINK_ACTIVE = 1 << 13;
    private static final int SLOT_ATTENTION_BUTTON = 1;
    private static final int SLOT_SURPRISE = 1 << 5;
    private static final int SLOT_HOT_PLUG = 1 << 6;
    private static final int SLOT_NO_COMMAND_COMPLETED = 1 << 18;
    private static final int PME_REQUESTER = 0xffff;
    private static final int PME_STATUS = 1 << 16;

    private final ConfigBytes bytes;
    private final int at;
    private final ExpressCapability capability;

    ExpressRegisters(ConfigBytes bytes, int at, ExpressCapability capability) {
        this.bytes = bytes;
        this.at = at;
        this.capability = capability;
        bytes.define(at + 2, 2, 0);
        for (int i = DEVICE_CAPABILITIES; i < END; i += 4) {
            bytes.define(at + i, 4, 0);
        }
        Port port = capability.port();
        bytes.define(
                at + FLAGS, 2, VERSION | port.code() << 4 | (capability.slot().isPresent() ? HAS_SLOT : 0));
        bytes.define(
                at + DEVICE_CAPABILITIES,
                4,
                ROLE_BASED_ERRORS | (capability.functionLevelReset() ? FUNCTION_RESET : 0));
        bytes.define(at + DEVICE_CONTROL, 2, DEVICE_CONTROL_DEFAULT, 0x7fff, 0);
        bytes.define(at + DEVICE_STATUS, 2, 0, 0, 0xf);
        if (port.hasLink()) {
            defineLink(port);
        }
        capability.slot().ifPresent(this::defineSlot);
        if (port == Port.ROOT_PORT) {
            bytes.define(at + ROOT_CONTROL, 2, 0, 0x1f, 0);
            bytes.define(at + ROOT_STATUS, 4, 0, 0, PME_STATUS);
        }
    }

    private void defineLink(Port port) {
        int link = capability.speed() | capability.width() << 4;
        bytes.define(at + LINK_CAPABILITIES, 4, link | (port.facesDown() ? LINK_ACTIVE_REPORTING : 0));
        bytes.define(at + LINK_CONTROL, 2, 0, port.facesDown() ? 0x1db : 0x1cb, 0);
        bytes.define(at + LINK_STATUS, 2, link);
        bytes.define(at + LINK_CAPABILITIES_2, 4, ((1 << capability.speed()) - 1) << 1);
        bytes.define(at + LINK_CONTROL_2, 2, capability.speed(), 0xf, 0);
    }

    private void defineSlot(Slot slot) {
        int can = slot.number() << 19
                | SLOT_NO_COMMAND_COMPLETED
                | (slot.attentionButton() ? SLOT_ATTENTION_BUTTON : 0)
                | (slot.surprise() ? SLOT_SURPRISE : 0)
                | (slot.hotPlug() ? SLOT_HOT_PLUG : 0);
        bytes.define(at + SLOT_CAPABILITIES, 4, can);
        bytes.define(at + SLOT_CONTROL, 2, 0, 0x1fff, 0);
        bytes.define(at + SLOT_STATUS, 2, 0, 0, 0x11f);
    }

    /** Whether a write asks for a reset of this function alone. */
    boolean asksForReset(int offset, int width, int bits) {
        int written = ConfigBytes.covered(at + DEVICE_CONTROL, 2, offset, width, bits);
        return capability.functionLevelReset() && (written & INITIATE_FUNCTION_RESET) != 0;
    }

    /**
     * If this is a downward port: shows that a card is behind it or not, and that this has changed if it has. Of other bridges
     * the link is above, where they are silent about it (section 7.5.3.8).
     *
     * @return whether it has changed
     */
    boolean setPresence(boolean present) {
        if (!capability.port().facesDown()) {
            return false;
        }
        boolean before = bytes.has(at + LINK_STATUS, 2, LINK_ACTIVE);
        bytes.set(at + LINK_STATUS, 2, LINK_ACTIVE, present);
        if (before != present && capability.slot().isPresent()) {
            bytes.set(at + SLOT_STATUS, 2, PRESENCE, present);
            bytes.set(at + SLOT_STATUS, 2, PRESENCE_CHANGED | LINK_CHANGED, true);
        }
        return before != present;
    }

    /** Shows that somebody has pressed the button at the slot; whether there is one. */
    boolean pressAttentionButton() {
        boolean button = capability.slot().filter(Slot::attentionButton).isPresent();
        if (button) {
            bytes.set(at + SLOT_STATUS, 2, ATTENTION_PRESSED, true);
        }
        return button;
    }

    /** Errors of this function (device status, bits 0 to 3: correctable, non-fatal, fatal, unsupported request). */
    void setErrors(int bits) {
        bytes.set(at + DEVICE_STATUS, 2, bits & 0xf, true);
    }

    /** If this is a root port: a power management event of the function with this requester id; the first one is shown. */
    void showPme(int requester) {
        if (capability.port() == Port.ROOT_PORT && !bytes.has(at + ROOT_STATUS, 4, PME_STATUS)) {
            bytes.set(at + ROOT_STATUS, 4, PME_STATUS | requester & PME_REQUESTER);
        }
    }
}
