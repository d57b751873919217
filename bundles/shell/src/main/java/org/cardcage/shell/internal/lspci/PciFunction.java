package org.cardcage.shell.internal.lspci;

import java.util.List;
import java.util.Optional;
import org.cardcage.machine.FunctionAddress;

/**
 * A function as {@code lspci} sees it.
 *
 * @param address where it sits
 * @param vendor 16 bits
 * @param device 16 bits
 * @param classCode base class and subclass, 16 bits
 * @param config its configuration space
 * @param driver the driver that is bound to it
 * @param modules modules that know it
 */
public record PciFunction(
        FunctionAddress address,
        int vendor,
        int device,
        int classCode,
        ConfigSpace config,
        Optional<String> driver,
        List<String> modules) {

    private static final int REVISION = 0x08;
    private static final int STATUS = 0x06;
    private static final int STATUS_CAPABILITIES = 0x10;
    private static final int HEADER_TYPE = 0x0e;
    private static final int CAPABILITIES = 0x34;
    private static final int CARDBUS_CAPABILITIES = 0x14;
    private static final int SUBSYSTEM = 0x2c;
    private static final int CARDBUS_SUBSYSTEM = 0x40;
    private static final int CAPABILITY_SSVID = 0x0d;

    /** A 256 byte space has no room for more, so a longer chain is a loop. */
    private static final int MAX_CAPABILITIES = 48;

    /** Subsystem vendor and device. */
    public record Subsystem(int vendor, int device) {}

    /** Revision, 8 bits. */
    public int revision() {
        return config.read(REVISION, 1);
    }

    /** Header type without the multi-function bit. */
    public int headerType() {
        return config.read(HEADER_TYPE, 1) & 0x7f;
    }

    /**
     * The subsystem, which a bridge tells in a capability (PCI-to-PCI Bridge Architecture 1.2 section 3.2.5.13); empty if
     * there is none.
     */
    public Optional<Subsystem> subsystem() {
        Optional<Integer> offset =
                switch (headerType()) {
                    case 0 -> Optional.of(SUBSYSTEM);
                    case 1 -> capability(CAPABILITY_SSVID).map(at -> at + 4);
                    case 2 -> Optional.of(CARDBUS_SUBSYSTEM);
                    default -> Optional.empty();
                };
        return offset.map(at -> new Subsystem(config.read(at, 2), config.read(at + 2, 2)))
                .filter(s -> s.vendor() != 0 && s.vendor() != 0xffff);
    }

    /** Offset of the first capability with this id. */
    public Optional<Integer> capability(int id) {
        if ((config.read(STATUS, 2) & STATUS_CAPABILITIES) == 0) {
            return Optional.empty();
        }
        int at = config.read(headerType() == 2 ? CARDBUS_CAPABILITIES : CAPABILITIES, 1) & ~3;
        for (int i = 0; i < MAX_CAPABILITIES && at >= 0x40; i++) {
            int found = config.read(at, 1);
            if (found == id) {
                return Optional.of(at);
            }
            if (found == 0xff) {
                break;
            }
            at = config.read(at + 1, 1) & ~3;
        }
        return Optional.empty();
    }
}
