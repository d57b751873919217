package org.cardcage.shell.internal.command;

import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.Optional;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/** Finds the words of Linux for an exception. */
public final class ErrorText {

    private ErrorText() {}

    /** The errno behind an exception: of a system call, or of {@code java.nio.file}. */
    public static Optional<Errno> errno(Throwable t) {
        Optional<Errno> errno = KernelException.errnoOf(t);
        if (errno.isPresent()) {
            return errno;
        }
        if (t instanceof NoSuchFileException) {
            return Optional.of(Errno.ENOENT);
        } else if (t instanceof AccessDeniedException) {
            return Optional.of(Errno.EACCES);
        } else if (t instanceof NotDirectoryException) {
            return Optional.of(Errno.ENOTDIR);
        } else if (t instanceof FileAlreadyExistsException) {
            return Optional.of(Errno.EEXIST);
        } else if (t instanceof DirectoryNotEmptyException) {
            return Optional.of(Errno.ENOTEMPTY);
        } else if (t instanceof NotLinkException) {
            return Optional.of(Errno.EINVAL);
        } else if (t instanceof FileSystemLoopException) {
            return Optional.of(Errno.ELOOP);
        }
        return Optional.empty();
    }

    /** The words of {@code strerror}; those of EIO if there is no errno. */
    public static String of(Throwable t) {
        return errno(t).orElse(Errno.EIO).text();
    }
}
