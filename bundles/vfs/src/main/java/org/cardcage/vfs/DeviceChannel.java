package org.cardcage.vfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the channel of a device can do besides what NIO knows. Every {@link java.nio.channels.FileChannel} and {@link
 * java.nio.channels.SeekableByteChannel} of the tree is one.
 *
 * <p>Threads and errors as those of the channel: an {@link IOException} has the {@link org.cardcage.kernel.KernelException} as its
 * cause.
 */
@ProviderType
public interface DeviceChannel extends Channel {

    /**
     * The device side of a channel.
     *
     * @throws IllegalArgumentException if it is none of the tree's
     */
    static DeviceChannel of(Channel channel) {
        if (channel instanceof DeviceChannel device) {
            return device;
        }
        throw new IllegalArgumentException(channel + " is no channel of a file of Cardcage");
    }

    /** As {@link OpenFile#ioctl}. */
    int ioctl(int command, ByteBuffer in, ByteBuffer out) throws IOException;

    /** As {@link OpenFile#poll}. */
    Set<PollEvent> poll();

    /** As {@link OpenFile#watch}. */
    Runnable watch(Runnable changed);

    /** As {@link OpenFile#setAsync}. */
    void setAsync(Optional<Consumer<PollEvent>> handler) throws IOException;

    /** As {@link OpenFile#mmap}. */
    FileMapping mmap(long offset, long length) throws IOException;
}
