package org.cardcage.shell.internal.lspci.function;

import java.util.OptionalInt;

/**
 * Ids and class of a function.
 *
 * @param vendor 16 bits
 * @param device 16 bits
 * @param classCode base class and subclass, 16 bits
 * @param progIf programming interface, 8 bits
 * @param revision 8 bits
 * @param subVendor vendor of the subsystem, 16 bits; 0 or 0xffff if there is none
 * @param subDevice 16 bits
 */
public record Identity(int vendor, int device, int classCode, int progIf, int revision, int subVendor, int subDevice) {

    private static final int NONE = 0xffff;
    private static final int CAPABILITY_SSVID = 0x0d;

    /** Reads it from the registers; a bridge tells its subsystem in a capability (PCI-to-PCI Bridge 1.2 section 3.2.5.13). */
    public static Identity of(ConfigBytes c) {
        OptionalInt subsystem =
                switch (c.headerType()) {
                    case 0 -> OptionalInt.of(0x2c);
                    case 1 -> {
                        OptionalInt capability = CapabilityList.find(c, CAPABILITY_SSVID);
                        yield capability.isPresent() ? OptionalInt.of(capability.getAsInt() + 4) : capability;
                    }
                    case 2 -> OptionalInt.of(0x40);
                    default -> OptionalInt.empty();
                };
        return new Identity(
                c.u16(0x00),
                c.u16(0x02),
                c.u16(0x0a),
                c.u8(0x09),
                c.u8(0x08),
                subsystem.isPresent() ? c.u16(subsystem.getAsInt()) : NONE,
                subsystem.isPresent() ? c.u16(subsystem.getAsInt() + 2) : NONE);
    }

    /** Whether it names a subsystem. */
    public boolean hasSubsystem() {
        return subVendor != 0 && subVendor != NONE;
    }
}
