package org.cardcage.device;

/**
 * A message-signalled interrupt capability (PCI 3.0 section 6.8.1) without per-vector masking.
 *
 * @param offset of the capability in configuration space, 0x40 to 0xf0, a multiple of 4
 * @param vectors how many the function can send: 1, 2, 4, 8, 16 or 32
 * @param address64 whether the message address has 64 bits
 */
public record MsiCapability(int offset, int vectors, boolean address64) {

    /** @throws IllegalArgumentException if a part is out of its range */
    public MsiCapability {
        if (offset < 0x40 || offset > 0xf0 || offset % 4 != 0) {
            throw new IllegalArgumentException(String.format("MSI capability at offset 0x%x", offset));
        }
        if (Integer.bitCount(vectors) != 1 || vectors > 32) {
            throw new IllegalArgumentException("MSI capability with " + vectors + " vectors");
        }
    }

    /** Bytes the capability takes in configuration space. */
    public int length() {
        return address64 ? 14 : 10;
    }
}
