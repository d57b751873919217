package org.cardcage.edu.device;

/**
 * How an EDU card is set up.
 *
 * @param factorialDelay nanoseconds from the write of the operand to the result, at least 0; on top comes the time of the
 *     computation
 * @param dmaDelay nanoseconds from the start of a transfer to its deadline, at least 0; the start counts as the beginning of
 *     its millisecond
 * @param dmaMask the bits of a bus address that the card drives
 */
public record EduOptions(long factorialDelay, long dmaDelay, long dmaMask) {

    /** What QEMU's card has: no delay, 100 ms, 28 address bits. */
    public static final EduOptions DEFAULT = new EduOptions(0, 100_000_000, 0x0fff_ffff);

    /** @throws IllegalArgumentException if a delay is negative */
    public EduOptions {
        if (factorialDelay < 0 || dmaDelay < 0) {
            throw new IllegalArgumentException("delays of " + factorialDelay + " ns (factorial) and " + dmaDelay
                    + " ns (DMA): must not be negative");
        }
    }

    /** The same with another {@link #factorialDelay}. */
    public EduOptions withFactorialDelay(long nanos) {
        return new EduOptions(nanos, dmaDelay, dmaMask);
    }

    /** The same with another {@link #dmaDelay}. */
    public EduOptions withDmaDelay(long nanos) {
        return new EduOptions(factorialDelay, nanos, dmaMask);
    }

    /** The same with another {@link #dmaMask}. */
    public EduOptions withDmaMask(long mask) {
        return new EduOptions(factorialDelay, dmaDelay, mask);
    }
}
