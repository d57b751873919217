package org.cardcage.vfs;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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

    /**
     * What can be done now without sleeping ({@code poll(2)} without a time-out). A file that is closed says NVAL, a device
     * that has gone ERR and HUP.
     */
    Set<PollEvent> poll();

    /**
     * Tells whenever the answer of {@link #poll} may have changed; to be called before the first look at it.
     *
     * @param changed called on the thread that has changed it, perhaps an interrupt's: it must be quick and must not wait
     * @return ends that
     */
    Runnable watch(Runnable changed);

    /**
     * Maps registers of the device ({@code mmap(2)}, shared, to read and write).
     *
     * @param offset in bytes
     * @param length in bytes
     * @throws org.cardcage.kernel.KernelException EINVAL if the offset is no multiple of 4096, the length is not positive, or
     *     there is no such part; ENODEV if the file cannot be mapped; EACCES if it is not open for reading and writing
     */
    FileMapping mmap(long offset, long length);

    /** What has been written reaches the device ({@code fsync(2)}, or {@code fdatasync(2)}); EINVAL where there is nothing to do so. */
    void fsync(boolean dataOnly);

    /**
     * Has events of the device told from now on (O_ASYNC and SIGIO), in order, on a thread that belongs to this file.
     *
     * @param handler empty to end that
     */
    void setAsync(Optional<Consumer<PollEvent>> handler);

    /** Tells the handler of {@link #setAsync}, if there is one (Linux {@code send_sigio}); for {@link FasyncList}. */
    void signal(PollEvent event);

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
