package org.cardcage.vfs.internal.nio;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.Callable;
import org.cardcage.kernel.KernelException;

/**
 * Makes errnos into the exceptions of {@code java.nio.file}. Each has the {@link KernelException} as its cause, so that
 * {@link KernelException#errnoOf} finds the errno.
 */
final class NioErrors {

    private NioErrors() {}

    /** A system call on {@code file}, and {@code other} if there are two; either may be null. */
    static <T> T call(Object file, Object other, Callable<T> action) throws IOException {
        try {
            return action.call();
        } catch (KernelException e) {
            throw translate(e, file, other);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    static void run(Object file, Object other, Runnable action) throws IOException {
        try {
            action.run();
        } catch (KernelException e) {
            throw translate(e, file, other);
        }
    }

    static IOException translate(KernelException e, Object file, Object other) {
        IOException translated = byErrno(e, text(file), text(other));
        translated.initCause(e);
        return translated;
    }

    private static String text(Object path) {
        return path == null ? null : path.toString();
    }

    private static FileSystemException byErrno(KernelException e, String file, String other) {
        return switch (e.errno()) {
            case ENOENT -> new NoSuchFileException(file, other, null);
            case EEXIST -> new FileAlreadyExistsException(file, other, null);
            case EACCES, EPERM -> new AccessDeniedException(file, other, null);
            case ENOTDIR -> new NotDirectoryException(file);
            case ENOTEMPTY -> new DirectoryNotEmptyException(file);
            case ELOOP -> new FileSystemLoopException(file);
            default -> new FileSystemException(file, other, e.errno().text());
        };
    }
}
