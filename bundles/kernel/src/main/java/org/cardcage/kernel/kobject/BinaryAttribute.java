package org.cardcage.kernel.kobject;

import java.nio.ByteBuffer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.machine.IoMemory;

/** A property that is bytes at positions, as a configuration space or a BAR (Linux {@code struct bin_attribute}). */
public final class BinaryAttribute<T> extends Attribute<T> {

    /** What can be done with the bytes; what is not overridden answers EIO as Linux does, mapping ENODEV. */
    public interface Content<T> {
        /**
         * Reads into the remaining space of {@code to}, not behind the size of the file.
         *
         * @return how many bytes
         */
        default int read(T subject, ByteBuffer to, long position) {
            throw new KernelException(Errno.EIO, "the attribute cannot be read");
        }

        /** Writes the remaining bytes of {@code from}, not behind the size of the file; how many were taken. */
        default int write(T subject, ByteBuffer from, long position) {
            throw new KernelException(Errno.EIO, "the attribute cannot be written");
        }

        /** The registers behind the file, for {@code mmap(2)}. */
        default IoMemory map(T subject) {
            throw new KernelException(Errno.ENODEV, "the attribute cannot be mapped");
        }
    }

    private final ToLongFunction<? super T> size;
    private final Content<? super T> content;

    /**
     * @param size of the file in bytes
     * @param visible which subjects have it
     */
    public BinaryAttribute(
            String name,
            int mode,
            ToLongFunction<? super T> size,
            Predicate<? super T> visible,
            Content<? super T> content) {
        super(name, mode, visible);
        this.size = size;
        this.content = content;
    }

    @Override
    long size(T subject) {
        return size.applyAsLong(subject);
    }

    Content<? super T> content() {
        return content;
    }
}
