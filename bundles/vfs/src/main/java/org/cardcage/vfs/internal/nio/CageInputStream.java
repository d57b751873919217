package org.cardcage.vfs.internal.nio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Reads a channel to its end. The JDK's own stream would believe the size that a file states, which is 0 for files of
 * {@code /proc} and devices.
 */
final class CageInputStream extends InputStream {

    private final FileChannel channel;

    CageInputStream(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        return length == 0 ? 0 : channel.read(ByteBuffer.wrap(to, offset, length));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
