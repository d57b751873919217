package org.cardcage.vfs.internal.hostfs;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/** Calls the host and turns its exceptions back into the errnos they were made of. */
final class HostErrors {

    private HostErrors() {}

    /** Runs {@code action}; {@code file} appears in messages. */
    static <T> T call(Path file, Callable<T> action) {
        try {
            return action.call();
        } catch (KernelException e) {
            throw e;
        } catch (IOException e) {
            throw new KernelException(errnoOf(e), "host file " + file + ": " + e.getMessage(), e);
        } catch (DirectoryIteratorException e) {
            throw new KernelException(errnoOf(e.getCause()), "host folder " + file + ": " + e.getMessage(), e);
        } catch (Exception e) {
            throw new KernelException(Errno.EIO, "host file " + file + ": " + e, e);
        }
    }

    /** The host's path of a name; EILSEQ if the host's character set has no such name. */
    static Path resolve(Path directory, String name) {
        try {
            return directory.resolve(name);
        } catch (InvalidPathException e) {
            throw new KernelException(
                    Errno.EILSEQ, "the host cannot spell " + name + "; start it in a UTF-8 locale", e);
        }
    }

    static Errno errnoOf(IOException e) {
        if (e instanceof NoSuchFileException) {
            return Errno.ENOENT;
        } else if (e instanceof AccessDeniedException) {
            return Errno.EACCES;
        } else if (e instanceof FileAlreadyExistsException) {
            return Errno.EEXIST;
        } else if (e instanceof DirectoryNotEmptyException) {
            return Errno.ENOTEMPTY;
        } else if (e instanceof NotDirectoryException) {
            return Errno.ENOTDIR;
        } else if (e instanceof NotLinkException) {
            return Errno.EINVAL;
        } else if (e instanceof AtomicMoveNotSupportedException) {
            return Errno.EXDEV;
        } else if (e instanceof ClosedByInterruptException) {
            return Errno.EINTR;
        } else if (e instanceof ClosedChannelException) {
            return Errno.EBADF;
        }
        return byText(e instanceof FileSystemException f ? f.getReason() : e.getMessage());
    }

    /** All other errors carry the words of {@code strerror}, in some cases with more behind them. */
    private static Errno byText(String text) {
        if (text != null) {
            for (Errno errno : Errno.values()) {
                if (text.startsWith(errno.text())) {
                    return errno;
                }
            }
        }
        return Errno.EIO;
    }
}
