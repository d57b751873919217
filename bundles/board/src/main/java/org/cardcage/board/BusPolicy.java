package org.cardcage.board;

/** Where buses differ: what follows from an access that nothing claims, and what a reset does to a bus master. */
public enum BusPolicy {
    /**
     * All ones, as the host bridge of a PC does after a master abort (PCI 3.0 section 3.3.3.1), and the status bit
     * "received master abort" in the host bridge, in the bridge where the access ended, or in the bus master.
     */
    PCI(0xff, true, true),
    /**
     * Zeros and no status bit, as QEMU's {@code pc} machine does. There a reset clears the command register, yet a function that was bus
     * master stays one until the register is written again ({@code pci_do_device_reset} leaves the gate alone).
     */
    QEMU(0x00, false, false);

    private final byte fill;
    private final boolean resetStopsBusMasters;
    private final boolean showsAborts;

    BusPolicy(int fill, boolean resetStopsBusMasters, boolean showsAborts) {
        this.fill = (byte) fill;
        this.showsAborts = showsAborts;
        this.resetStopsBusMasters = resetStopsBusMasters;
    }

    /** Whether a reset ends bus mastering at once. */
    public boolean resetStopsBusMasters() {
        return resetStopsBusMasters;
    }

    /** Whether an access that nothing claims sets bits in status registers. */
    public boolean showsAborts() {
        return showsAborts;
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
