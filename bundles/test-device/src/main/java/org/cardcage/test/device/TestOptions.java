package org.cardcage.test.device;

/**
 * How a test card is made.
 *
 * @param express whether it is a PCI Express card, with function-level reset, error reporting and a serial number in 4 KiB
 *     of configuration space, or a conventional one with the advanced features capability
 * @param memory bytes of its memory, a power of two, 4 KiB to 1 GiB
 */
public record TestOptions(boolean express, int memory) {

    private static final int SMALLEST = 4 << 10;
    private static final int LARGEST = 1 << 30;

    /** A conventional card with 1 MiB. */
    public static final TestOptions DEFAULT = new TestOptions(false, 1 << 20);

    /** @throws IllegalArgumentException if the size of the memory is not possible */
    public TestOptions {
        if (Integer.bitCount(memory) != 1 || memory < SMALLEST || memory > LARGEST) {
            throw new IllegalArgumentException(
                    "memory of " + memory + " bytes: must be a power of two, 4 KiB to 1 GiB");
        }
    }

    /** The same as a PCI Express card. */
    public TestOptions asExpress() {
        return new TestOptions(true, memory);
    }

    /** The same with another {@link #memory}. */
    public TestOptions withMemory(int bytes) {
        return new TestOptions(express, bytes);
    }
}
