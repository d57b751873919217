package org.cardcage.vfs;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An open file (Linux {@code struct file}): what a system call on a descriptor works on.
 *
 * <p>Threads: any. Calls without a position of their own take turns, since they share the file's position; positional
 * calls, ioctl and close do not wait for them.
 *
 * <p>Errors, all as {@link org.cardcage.kernel.KernelException}: EBADF after {@link #close} or if the mode of opening does
 * not allow the call, EINTR if the thread is interrupted (its flag stays set), ENODEV after the device has gone, and what
 * the file itself answers.
 */
@ProviderType
public interface OpenFile extends AutoCloseable {

    /**
     * Reads at the file's position and moves it ({@code read(2)}).
     *
     * @return how many bytes were put into {@code to}; 0 at the end, or if there is no space in it
     */
    int read(ByteBuffer to);

    /** Writes at the file's position and moves it ({@code write(2)}); how many bytes were taken. */
    int write(ByteBuffer from);

    /** Reads at {@code position} and leaves the file's position alone ({@code pread(2)}). */
    int pread(ByteBuffer to, long position);

    /** Writes at {@code position} and leaves the file's position alone ({@code pwrite(2)}). */
    int pwrite(ByteBuffer from, long position);

    /** A new position ({@code lseek(2)}). */
    long llseek(long offset, Whence whence);

    /**
     * A command of the device ({@code ioctl(2)}).
     *
     * @param in what the command reads; may be empty
     * @param out takes what the command returns; may be empty
     * @throws org.cardcage.kernel.KernelException EFAULT if {@code in} or {@code out} is smaller than the command's record
     */
    int ioctl(int command, ByteBuffer in, ByteBuffer out);

    /** New length of an ordinary file ({@code ftruncate(2)}); EINVAL for others. */
    void truncate(long size);

    /** Present status ({@code fstat(2)}). */
    FileStatus status();

    /** Whether the file was opened with {@link OpenFlag#NONBLOCK}. */
    boolean isNonBlocking();

    /** What the driver has attached (Linux {@code file->private_data}), or null. */
    Object privateData();

    /** Attaches something of the driver's own to the file. */
    void setPrivateData(Object data);

    /**
     * Closes the file: blocked calls of other threads end with EBADF, and once the last has left the driver's release runs
     * on the calling thread. Closing again changes nothing.
     */
    @Override
    void close();
}
