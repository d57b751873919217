package org.cardcage.device;

/**
 * The serial number of a card (PCI Express 4.0 section 7.9.3).
 *
 * @param offset of the capability, or {@link #ANYWHERE}
 * @param number an EUI-64
 */
public record SerialNumberCapability(int offset, long number) implements ExtendedCapability {

    /** Somewhere. */
    public static SerialNumberCapability of(long number) {
        return new SerialNumberCapability(ANYWHERE, number);
    }

    @Override
    public int id() {
        return 0x0003;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public int length() {
        return 12;
    }
}
