package org.cardcage.device;

/**
 * A message-signalled interrupt capability (PCI 3.0 section 6.8.1).
 *
 * @param offset of the capability in configuration space, 0x40 to 0xf0, a multiple of 4, or {@link #ANYWHERE}
 * @param vectors how many the function can send: 1, 2, 4, 8, 16 or 32
 * @param address64 whether the message address has 64 bits
 * @param masking whether each vector can be masked, with a pending bit for what happened meanwhile
 */
public record MsiCapability(int offset, int vectors, boolean address64, boolean masking) implements Capability {

    /** @throws IllegalArgumentException if a part is out of its range */
    public MsiCapability {
        if (Integer.bitCount(vectors) != 1 || vectors > 32 || vectors < 1) {
            throw new IllegalArgumentException(
                    "MSI capability with " + vectors + " vectors: must be 1, 2, 4, 8, 16 or 32");
        }
    }

    /** Without per-vector masking. */
    public MsiCapability(int offset, int vectors, boolean address64) {
        this(offset, vectors, address64, false);
    }

    /** Somewhere, with a 64-bit address and per-vector masking. */
    public static MsiCapability of(int vectors) {
        return new MsiCapability(ANYWHERE, vectors, true, true);
    }

    @Override
    public int id() {
        return 0x05;
    }

    @Override
    public int length() {
        int upper = address64 ? 4 : 0;
        return masking ? 20 + upper : 10 + upper;
    }
}
