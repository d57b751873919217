package org.cardcage.vfs;

import java.nio.ByteBuffer;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.NodeOperations;
import org.cardcage.machine.IoMemory;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a driver does when its node is used (Linux {@code struct file_operations}). A method that is not overridden answers
 * as Linux does for a missing operation.
 *
 * <p>Threads: the caller's thread. Calls on different files, and positional calls on the same file, come at once. When the
 * device goes, blocked calls are cancelled through the call's token, all calls are waited for, and then {@link #release} is
 * called for each file that is still open; nothing is called after that.
 *
 * <p>Errors: a {@link KernelException}; anything else that is thrown is an oops, and the caller gets EIO.
 */
@ConsumerType
public interface FileOperations extends NodeOperations {

    /** A file is being opened. An exception refuses it. */
    default void open(OpenFile file) {}

    /** The last use of the file has ended. */
    default void release(OpenFile file) {}

    /**
     * Reads into the remaining space of {@code to}; the bytes put there move its position.
     *
     * @param call the file, the position to read from and the token to sleep with
     * @return how many bytes; 0 is the end of the file
     * @throws KernelException EINVAL unless overridden; EAGAIN if it would have to sleep and the file is non-blocking
     */
    default int read(IoCall call, ByteBuffer to) {
        throw new KernelException(Errno.EINVAL, "reading is not supported");
    }

    /**
     * Writes the remaining bytes of {@code from}; the bytes taken move its position.
     *
     * @return how many bytes were taken
     * @throws KernelException EINVAL unless overridden
     */
    default int write(IoCall call, ByteBuffer from) {
        throw new KernelException(Errno.EINVAL, "writing is not supported");
    }

    /**
     * A new position (Linux {@code default_llseek}).
     *
     * @param current the present position
     * @param offset relative to what {@code whence} says
     * @return the new position, which the file then has
     * @throws KernelException EINVAL for a negative result; ESPIPE if the device has no positions
     */
    default long llseek(OpenFile file, long current, long offset, Whence whence) {
        long position = whence.base(current, 0) + offset;
        if (position < 0) {
            throw new KernelException(Errno.EINVAL, "position " + position);
        }
        return position;
    }

    /**
     * A command of the device's own.
     *
     * @param call the file and the token to sleep with
     * @param command the number, made as {@link Ioctl} says
     * @param in the record that the command reads, little-endian
     * @param out takes the record that the command returns, little-endian; at least as large as the command's size
     * @return 0 or a value that the command defines
     * @throws KernelException ENOTTY unless overridden, or if the command is unknown
     */
    default int ioctl(IoCall call, int command, ByteBuffer in, ByteBuffer out) {
        throw new KernelException(Errno.ENOTTY, String.format("unknown command 0x%08x", command));
    }

    /**
     * What can be done now without sleeping, and what that depends on.
     *
     * @param table to be told the queues first; then the state is looked at
     * @return {@link PollEvent#ALWAYS_READY} unless overridden
     */
    default Set<PollEvent> poll(OpenFile file, PollTable table) {
        return PollEvent.ALWAYS_READY;
    }

    /**
     * Registers for a program.
     *
     * @param call the file, the offset in bytes, a multiple of 4096, and the token
     * @param length in bytes, more than 0
     * @throws KernelException ENODEV unless overridden; EINVAL for a part that is not there
     */
    default IoMemory mmap(IoCall call, long length) {
        throw new KernelException(Errno.ENODEV, "mapping is not supported");
    }

    /** A user closes the file; called before {@link #release}. Its errno is the answer of {@code close(2)}. */
    default void flush(IoCall call) {}

    /**
     * Everything written shall have reached the device before this returns.
     *
     * @param dataOnly whether what belongs to the data is enough ({@code fdatasync(2)})
     * @throws KernelException EINVAL unless overridden
     */
    default void fsync(IoCall call, boolean dataOnly) {
        throw new KernelException(Errno.EINVAL, "there is nothing to synchronise");
    }

    /** Somebody begins or ceases to be told of events; a driver hands that to its {@link FasyncList}. */
    default void fasync(OpenFile file, boolean on) {}
}
