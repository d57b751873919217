package org.cardcage.vfs.internal.nio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.SystemCalls;

/** {@link Files#copy} and {@link Files#move} within one tree. */
final class CopyMove {

    private final CagePath source;
    private final CagePath target;
    private final Set<CopyOption> options;

    CopyMove(CagePath source, CagePath target, CopyOption... options) {
        this.source = source;
        this.target = target;
        this.options = Set.of(options);
        for (CopyOption option : this.options) {
            if (!(option instanceof StandardCopyOption) && option != LinkOption.NOFOLLOW_LINKS) {
                throw new UnsupportedOperationException("copy option " + option);
            }
        }
    }

    void copy() throws IOException {
        if (options.contains(StandardCopyOption.ATOMIC_MOVE)) {
            throw new UnsupportedOperationException("a copy is no move");
        }
        boolean follow = !options.contains(LinkOption.NOFOLLOW_LINKS);
        if (!isSame(follow)) {
            copy(follow, options.contains(StandardCopyOption.COPY_ATTRIBUTES));
        }
    }

    private boolean isSame(boolean follow) throws IOException {
        CageAttributes from = attributes(source, follow);
        try {
            return from.fileKey().equals(attributes(target, follow).fileKey());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static CageAttributes attributes(CagePath path, boolean follow) throws IOException {
        LinkOption[] how = follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
        return new CageAttributes(path.getFileSystem().status(path, how));
    }

    private void copy(boolean follow, boolean attributes) throws IOException {
        FileStatus status = attributes(source, follow).status();
        makeRoom();
        if (status.type() == FileType.SYMLINK) {
            Files.createSymbolicLink(target, Files.readSymbolicLink(source));
            return;
        }
        if (status.isDirectory()) {
            Files.createDirectory(target);
        } else {
            try (InputStream in = Files.newInputStream(source);
                    OutputStream out =
                            Files.newOutputStream(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                in.transferTo(out);
            }
        }
        target.getFileSystem().chmod(target, status.permissions());
        if (attributes) {
            target.getFileSystem().utimes(target, status.modified());
        }
    }

    /** The target must be free, or may be deleted. */
    private void makeRoom() throws IOException {
        if (options.contains(StandardCopyOption.REPLACE_EXISTING)) {
            Files.deleteIfExists(target);
        } else if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw NioErrors.translate(new KernelException(Errno.EEXIST), target, null);
        }
    }

    void move() throws IOException {
        FileStatus status = attributes(source, false).status();
        if (isSame(false)) {
            return;
        }
        boolean atomic = options.contains(StandardCopyOption.ATOMIC_MOVE);
        if (!atomic) {
            requireReplaceable();
        }
        try {
            calls().rename(CageFileSystem.WHO, source.absoluteText(), target.absoluteText());
        } catch (KernelException e) {
            if (e.errno() != Errno.EXDEV) {
                throw NioErrors.translate(e, source, target);
            }
            if (atomic) {
                IOException refused = new AtomicMoveNotSupportedException(
                        source.toString(), target.toString(), e.errno().text());
                refused.initCause(e);
                throw refused;
            }
            moveElsewhere(status);
        }
    }

    /** Without REPLACE_EXISTING the target must be free; with it, a target of another kind goes first. */
    private void requireReplaceable() throws IOException {
        boolean replace = options.contains(StandardCopyOption.REPLACE_EXISTING);
        boolean sameKind = Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)
                == Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS);
        if (!replace || !sameKind) {
            makeRoom();
        }
    }

    private void moveElsewhere(FileStatus status) throws IOException {
        if (status.isDirectory()) {
            requireEmpty();
        }
        if (status.type() == FileType.CHAR_DEVICE) {
            makeRoom();
            NioErrors.run(
                    target,
                    null,
                    () -> calls().mknod(
                                    CageFileSystem.WHO,
                                    target.absoluteText(),
                                    status.permissions(),
                                    status.major(),
                                    status.minor()));
        } else {
            copy(false, true);
        }
        Files.delete(source);
    }

    private SystemCalls calls() {
        return source.getFileSystem().calls();
    }

    /** A directory is moved across file systems only if it is empty, as {@link Files#move} says. */
    private void requireEmpty() throws IOException {
        if (!calls().readdir(CageFileSystem.WHO, source.absoluteText()).isEmpty()) {
            throw NioErrors.translate(new KernelException(Errno.ENOTEMPTY), source, target);
        }
    }
}
