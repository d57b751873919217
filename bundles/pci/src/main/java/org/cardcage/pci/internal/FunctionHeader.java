package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;

/**
 * What the header of a function says about it, read once when it is found (Linux {@code pci_setup_device}).
 *
 * @param vendor 16 bits
 * @param device 16 bits
 * @param classCode 24 bits
 * @param revision 8 bits
 * @param type header type without the multi-function bit: 0, 1 or 2
 * @param multiFunction whether the device has further functions
 * @param subsystemVendor 16 bits; of a bridge from its capability, 0 if it has none
 * @param subsystemDevice 16 bits
 */
record FunctionHeader(
        int vendor,
        int device,
        int classCode,
        int revision,
        int type,
        boolean multiFunction,
        int subsystemVendor,
        int subsystemDevice) {

    private static final int CLASS_BRIDGE_CARDBUS = 0x0607;

    /** Reads the header; empty, with a word in the log, if it is none. */
    static Optional<FunctionHeader> read(PciConfig config, Logger log) {
        int ids = config.read(VENDOR_ID, 4);
        int classRevision = config.read(CLASS_REVISION, 4);
        int headerType = config.read(HEADER_TYPE, 1);
        int type = headerType & HEADER_TYPE_MASK;
        if (!config.answers()) {
            log.warn("does not answer any more, ignoring device");
            return Optional.empty();
        }
        if (type > HEADER_TYPE_CARDBUS) {
            log.error("unknown header type {}, ignoring device", String.format("%02x", type));
            return Optional.empty();
        }
        int classCode = checkedClass(classRevision >>> 8, type, log);
        long subsystem = subsystem(config, type);
        return Optional.of(new FunctionHeader(
                ids & 0xffff,
                ids >>> 16,
                classCode,
                classRevision & 0xff,
                type,
                (headerType & HEADER_TYPE_MULTI_FUNCTION) != 0,
                (int) (subsystem & 0xffff),
                (int) (subsystem >>> 16 & 0xffff)));
    }

    private static int checkedClass(int classCode, int type, Logger log) {
        int wanted =
                switch (classCode >> 8) {
                    case CLASS_BRIDGE_PCI -> HEADER_TYPE_BRIDGE;
                    case CLASS_BRIDGE_CARDBUS -> HEADER_TYPE_CARDBUS;
                    default -> HEADER_TYPE_NORMAL;
                };
        // a bridge may call itself what it likes, but a plain function must not claim to be a bridge
        boolean bad = type == HEADER_TYPE_NORMAL && wanted == HEADER_TYPE_BRIDGE
                || type == HEADER_TYPE_CARDBUS && wanted != HEADER_TYPE_CARDBUS;
        if (bad) {
            log.error(
                    "ignoring class {} (doesn't match header type {})",
                    String.format("0x%06x", classCode),
                    String.format("%02x", type));
            return 0;
        }
        return classCode;
    }

    private static long subsystem(PciConfig config, int type) {
        if (type == HEADER_TYPE_NORMAL) {
            return config.read(SUBSYSTEM_VENDOR_ID, 2) | (long) config.read(SUBSYSTEM_ID, 2) << 16;
        }
        OptionalInt capability = new Capabilities(config).find(CAP_ID_SUBSYSTEM);
        if (type != HEADER_TYPE_BRIDGE || capability.isEmpty()) {
            return 0;
        }
        int offset = capability.getAsInt();
        return config.read(offset + SUBSYSTEM_CAP_VENDOR, 2)
                | (long) config.read(offset + SUBSYSTEM_CAP_DEVICE, 2) << 16;
    }

    boolean isBridge() {
        return type == HEADER_TYPE_BRIDGE;
    }

    /** Base address registers that such a header has. */
    int baseAddressRegisters() {
        return switch (type) {
            case HEADER_TYPE_NORMAL -> 6;
            case HEADER_TYPE_BRIDGE -> 2;
            default -> 1;
        };
    }

    /** Offset of the ROM register, 0 if there is none. */
    int romRegister() {
        return switch (type) {
            case HEADER_TYPE_NORMAL -> ROM_ADDRESS;
            case HEADER_TYPE_BRIDGE -> BRIDGE_ROM_ADDRESS;
            default -> 0;
        };
    }
}
