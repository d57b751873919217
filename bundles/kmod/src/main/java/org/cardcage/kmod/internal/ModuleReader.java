package org.cardcage.kmod.internal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kmod.KmodMessages;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.SystemCalls;

/** Gets the content of a module's file. */
final class ModuleReader {

    private static final long MAX_SIZE = 256L << 20;

    private final SystemCalls files;

    ModuleReader(SystemCalls files) {
        this.files = files;
    }

    /**
     * The content of a file of our tree.
     *
     * @throws KernelException EISDIR for a directory, EINVAL for what is no ordinary file, EFBIG above 256 MiB, and what
     *     opening and reading throw
     */
    byte[] read(Credentials who, String path) {
        if (!path.startsWith("/")) {
            throw new KernelException(Errno.EINVAL, "'" + path + "' is not absolute");
        }
        try (OpenFile file = files.open(who, path, Set.of(OpenFlag.READ), 0)) {
            FileStatus status = file.status();
            if (status.isDirectory()) {
                throw new KernelException(Errno.EISDIR, path + " is a directory");
            }
            if (status.type() != FileType.REGULAR) {
                throw new KernelException(Errno.EINVAL, path + " is no ordinary file");
            }
            if (status.size() > MAX_SIZE) {
                throw new KernelException(
                        Errno.EFBIG, path + " has " + status.size() + " bytes, too many for a module");
            }
            ByteBuffer content = ByteBuffer.allocate((int) status.size());
            for (int n = 1; n > 0 && content.hasRemaining(); ) {
                n = file.pread(content, content.position());
            }
            byte[] bytes = new byte[content.flip().remaining()];
            content.get(bytes);
            return bytes;
        }
    }

    /**
     * What a URL leads to.
     *
     * @throws KernelException EINVAL if it is none, ENOENT if nothing is there, EIO if it cannot be read
     */
    static byte[] read(String url) {
        try (InputStream in = url(url).openStream()) {
            byte[] content = in.readNBytes((int) MAX_SIZE + 1);
            if (content.length > MAX_SIZE) {
                throw new KernelException(Errno.EFBIG, url + " has too many bytes for a module");
            }
            return content;
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new KernelException(Errno.ENOENT, KmodMessages.NOTHING + url, e);
        } catch (IOException e) {
            throw new KernelException(Errno.EIO, url + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static URL url(String text) {
        try {
            return URI.create(text).toURL();
        } catch (IOException | IllegalArgumentException e) {
            throw new KernelException(Errno.EINVAL, "'" + text + "' is no URL: " + e.getMessage(), e);
        }
    }
}
