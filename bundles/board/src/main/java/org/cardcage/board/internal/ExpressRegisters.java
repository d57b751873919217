package org.cardcage.board.internal;

import org.cardcage.device.ExpressCapability;
import org.cardcage.device.ExpressCapability.Port;
import org.cardcage.device.ExpressCapability.Slot;

/**
 * The registers of a PCI Express capability (PCI Express 4.0 section 7.5.3). Threads: guarded by the lock of the {@link
 * Fabric}.
 */
final class ExpressRegisters {

    /** Interrupt cause: something has happened at the slot. */
    static final int HOT_PLUG = 1;
    /** Interrupt cause: somebody below wants to wake the machine. */
    static final int PME = 1 << 1;

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
    private static final int LINK_DISABLE = 1 << 4;
    /** Link control: what both ends agree on, of which a reset of one end alone knows nothing (section 6.6.2). */
    private static final int LINK_AGREED = 0x3cb;

    private static final int PAYLOAD_SIZE = 7 << 5;
    /** Of link control 2: target speed, compliance and margins, which are sticky. */
    private static final int LINK_TARGET = 0xf;

    private static final int SLOT_ATTENTION_BUTTON = 1;
    private static final int SLOT_POWER_CONTROLLER = 1 << 1;
    private static final int SLOT_SURPRISE = 1 << 5;
    private static final int SLOT_HOT_PLUG = 1 << 6;
    private static final int SLOT_NO_COMMAND_COMPLETED = 1 << 18;
    /** Slot control: the bits 0 to 4 enable the interrupt for the same bits of slot status. */
    private static final int SLOT_EVENTS = 0x1f;

    private static final int SLOT_INTERRUPT_ENABLE = 1 << 5;
    private static final int SLOT_POWER_OFF = 1 << 10;
    private static final int SLOT_LINK_CHANGE_ENABLE = 1 << 12;
    /** What can be written but for the power; the interlock reads as 0. */
    private static final int SLOT_CONTROLS = 0x13ff;

    private static final int ROOT_PME_ENABLE = 1 << 3;
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
        bytes.keepAlone(at + DEVICE_CONTROL, 2, PAYLOAD_SIZE);
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
        bytes.define(at + LINK_CONTROL, 2, 0, port.facesDown() ? 0x1cb | LINK_DISABLE : 0x1cb, 0);
        bytes.keepAlone(at + LINK_CONTROL, 2, LINK_AGREED);
        bytes.define(at + LINK_STATUS, 2, link);
        bytes.define(at + LINK_CAPABILITIES_2, 4, ((1 << capability.speed()) - 1) << 1);
        bytes.define(at + LINK_CONTROL_2, 2, capability.speed(), LINK_TARGET, 0);
        bytes.keep(at + LINK_CONTROL_2, 2, LINK_TARGET);
    }

    private void defineSlot(Slot slot) {
        int can = slot.number() << 19
                | SLOT_NO_COMMAND_COMPLETED
                | (slot.attentionButton() ? SLOT_ATTENTION_BUTTON : 0)
                | (slot.powerController() ? SLOT_POWER_CONTROLLER : 0)
                | (slot.surprise() ? SLOT_SURPRISE : 0)
                | (slot.hotPlug() ? SLOT_HOT_PLUG : 0);
        bytes.define(at + SLOT_CAPABILITIES, 4, can);
        int writable = SLOT_CONTROLS | (slot.powerController() ? SLOT_POWER_OFF : 0);
        bytes.define(at + SLOT_CONTROL, 2, 0, writable, 0);
        bytes.define(at + SLOT_STATUS, 2, 0, 0, 0x11f);
    }

    /** Whether a write asks for a reset of this function alone. */
    boolean asksForReset(int offset, int width, int bits) {
        int written = ConfigBytes.covered(at + DEVICE_CONTROL, 2, offset, width, bits);
        return capability.functionLevelReset() && (written & INITIATE_FUNCTION_RESET) != 0;
    }

    /**
     * If this is a downward port: shows that a card is behind it or not, whether the link to it is up, and what of this has
     * changed. Of other bridges the link is above, where they are silent about it (section 7.5.3.8).
     */
    void setPresence(boolean present) {
        if (!capability.port().facesDown()) {
            return;
        }
        boolean up = present && !linkIsOff();
        boolean linkChanged = up != bytes.has(at + LINK_STATUS, 2, LINK_ACTIVE);
        bytes.set(at + LINK_STATUS, 2, LINK_ACTIVE, up);
        if (capability.slot().isPresent()) {
            boolean presenceChanged = present != bytes.has(at + SLOT_STATUS, 2, PRESENCE);
            bytes.set(at + SLOT_STATUS, 2, PRESENCE, present);
            int changes = (presenceChanged ? PRESENCE_CHANGED : 0) | (linkChanged ? LINK_CHANGED : 0);
            bytes.set(at + SLOT_STATUS, 2, changes, true);
        }
    }

    /** Whether this is a downward port whose link is disabled, or whose slot has no power. */
    boolean linkIsOff() {
        return capability.port().facesDown() && (bytes.has(at + LINK_CONTROL, 2, LINK_DISABLE) || slotIsOff());
    }

    /** Whether software has switched the power of the slot off. */
    boolean slotIsOff() {
        return capability.slot().filter(Slot::powerController).isPresent()
                && bytes.has(at + SLOT_CONTROL, 2, SLOT_POWER_OFF);
    }

    /**
     * For what a port asks for an interrupt just now: {@link #HOT_PLUG} (section 6.7.3.4), {@link #PME} (section 6.1.6).
     */
    int interrupts() {
        int causes = 0;
        if (capability.slot().isPresent()) {
            int control = bytes.read(at + SLOT_CONTROL, 2);
            int wanted = control & SLOT_EVENTS | ((control & SLOT_LINK_CHANGE_ENABLE) != 0 ? LINK_CHANGED : 0);
            boolean enabled = (control & SLOT_INTERRUPT_ENABLE) != 0;
            causes |= enabled && bytes.has(at + SLOT_STATUS, 2, wanted) ? HOT_PLUG : 0;
        }
        boolean pme = capability.port() == Port.ROOT_PORT
                && bytes.has(at + ROOT_CONTROL, 2, ROOT_PME_ENABLE)
                && bytes.has(at + ROOT_STATUS, 4, PME_STATUS);
        return pme ? causes | PME : causes;
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
