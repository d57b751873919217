package org.cardcage.device;

import java.nio.ByteBuffer;

/**
 * An expansion ROM (PCI 3.0 section 6.3), served by whoever carries the model. Immutable.
 *
 * @param size in bytes, a power of two, 2 KiB to 16 MiB
 * @param image its contents from offset 0; what is behind them reads all ones
 */
public record ExpansionRom(int size, ByteBuffer image) {

    private static final int SMALLEST = 2 << 10;
    private static final int LARGEST = 16 << 20;

    /** @throws IllegalArgumentException if the size is not possible or the image larger */
    public ExpansionRom {
        if (Integer.bitCount(size) != 1 || size < SMALLEST || size > LARGEST) {
            throw new IllegalArgumentException(
                    String.format("expansion ROM of 0x%x bytes: must be a power of two from 2 KiB to 16 MiB", size));
        }
        if (image.remaining() > size) {
            throw new IllegalArgumentException(String.format(
                    "image of 0x%x bytes does not fit into an expansion ROM of 0x%x", image.remaining(), size));
        }
        ByteBuffer copy = ByteBuffer.allocate(image.remaining()).put(image.duplicate());
        image = copy.flip().asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer image() {
        return image.duplicate();
    }

    /** The byte at {@code offset}, 0 to 255. */
    public int byteAt(int offset) {
        return offset < image.limit() ? image.get(offset) & 0xff : 0xff;
    }
}
