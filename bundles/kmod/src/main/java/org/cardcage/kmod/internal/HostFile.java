package org.cardcage.kmod.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/** Reads files of the host that others write at any moment. A link counts as what it leads to. */
final class HostFile {

    private static final long MAX_SIZE = 256L << 20;

    /** By what a change of a file is seen. */
    record Stamp(long size, FileTime modified) {}

    /** Gets all bytes of a file. */
    interface Reading {
        byte[] bytes(Path file) throws IOException;
    }

    private HostFile() {}

    /**
     * How an ordinary file is now; empty if there is none of this name.
     *
     * @throws KernelException EACCES or EIO if the host does not tell
     */
    static Optional<Stamp> stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? Optional.of(new Stamp(attributes.size(), attributes.lastModifiedTime()))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** As {@link #read(Path, Stamp, Reading)}. */
    static byte[] read(Path file, Stamp stamp) {
        return read(file, stamp, Files::readAllBytes);
    }

    /**
     * The content that a file had when it was stamped.
     *
     * @throws KernelException EFBIG above 256 MiB, EBUSY if the file changes meanwhile, EACCES or EIO if it cannot be read
     */
    static byte[] read(Path file, Stamp stamp, Reading reading) {
        if (stamp.size() > MAX_SIZE) {
            throw new KernelException(Errno.EFBIG, stamp.size() + " bytes are too many for a module");
        }
        byte[] content;
        try {
            content = reading.bytes(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
        if (!stamp(file).equals(Optional.of(stamp)) || content.length != stamp.size()) {
            throw new KernelException(
                    Errno.EBUSY, "the file changes while it is read; it is read again when it is complete");
        }
        return content;
    }

    private static KernelException unreadable(IOException e) {
        Errno errno = e instanceof AccessDeniedException ? Errno.EACCES : Errno.EIO;
        return new KernelException(errno, "the file cannot be read: " + e, e);
    }
}
