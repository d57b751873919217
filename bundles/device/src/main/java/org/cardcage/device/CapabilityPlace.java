package org.cardcage.device;

/** Checks offsets of capabilities. */
final class CapabilityPlace {

    private static final int CONVENTIONAL_START = 0x40;
    private static final int CONVENTIONAL_END = 0x100;
    private static final int EXTENDED_END = 0x1000;

    private CapabilityPlace() {}

    static void check(String what, Capability capability) {
        boolean extended = capability instanceof ExtendedCapability;
        int start = extended ? CONVENTIONAL_END : CONVENTIONAL_START;
        int end = extended ? EXTENDED_END : CONVENTIONAL_END;
        int offset = capability.offset();
        int length = capability.length();
        if (offset == Capability.ANYWHERE) {
            return;
        }
        if (offset < start || offset + length > end || offset % 4 != 0) {
            throw new IllegalArgumentException(String.format(
                    "%s capability at offset 0x%x: must be a multiple of 4 and lie within 0x%x and 0x%x with its %d bytes",
                    what, offset, start, end - 1, length));
        }
    }

    static void limit(String what, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(
                    String.format("%s 0x%x is not in the range 0 to 0x%x", what, value, max));
        }
    }
}
