package org.cardcage.board;

/** What a bus answers to a read that nothing claims. */
public enum BusPolicy {
    /** All ones, as the host bridge of a PC does after a master abort (PCI 3.0 section 3.3.3.1). */
    PCI(0xff),
    /** Zeros, as QEMU's {@code pc} machine does. */
    QEMU(0x00);

    private final byte fill;

    BusPolicy(int fill) {
        this.fill = (byte) fill;
    }

    /** The answer for each byte. */
    public byte fill() {
        return fill;
    }

    /** The answer to a read of {@code size} bytes, 1 to 8, zero-extended. */
    public long answer(int size) {
        return fill == 0 ? 0 : -1L >>> (64 - 8 * size);
    }
}
