package org.cardcage.vfs.internal.hostfs;

import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.internal.Content;

/**
 * What the host can do with one of its files; never through a symbolic link.
 *
 * <p>Threads: any. Errors: {@link KernelException} with the host's errno.
 *
 * @param path absolute, on the default file system
 */
record HostFile(Path path) {

    private static final String ATTRIBUTES = "unix:mode,ino,dev,nlink,uid,gid,rdev,size,lastModifiedTime";
    private static final int PERMISSION_BITS = 07777;

    /** Tells the host's file systems from those of this tree, which have small numbers. */
    private static final int HOST_DEVICE = 1 << 30;

    HostFile child(String name) {
        return new HostFile(HostErrors.resolve(path, name));
    }

    boolean exists() {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    boolean isDirectory() {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** The status, or nothing if there is no such file. */
    Optional<FileStatus> findStatus() {
        return HostErrors.call(path, () -> {
            try {
                return Optional.of(status(Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS)));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        });
    }

    FileStatus status() {
        return findStatus().orElseThrow(() -> new KernelException(Errno.ENOENT, "host file " + path + " has gone"));
    }

    private static FileStatus status(Map<String, Object> a) {
        int mode = (int) a.get("mode");
        long rdev = (long) a.get("rdev");
        FileType type = FileType.ofMode(mode);
        boolean node = type == FileType.CHAR_DEVICE || type == FileType.BLOCK_DEVICE;
        return new FileStatus(
                (long) a.get("ino"),
                HOST_DEVICE | (int) (long) a.get("dev"),
                type,
                mode & PERMISSION_BITS,
                (int) a.get("nlink"),
                (int) a.get("uid"),
                (int) a.get("gid"),
                (long) a.get("size"),
                node ? (int) (rdev >> 8 & 0xfff) : 0,
                node ? (int) (rdev & 0xff | rdev >> 12 & 0xfff00) : 0,
                ((FileTime) a.get("lastModifiedTime")).toInstant());
    }

    List<String> names() {
        return HostErrors.call(path, () -> {
            List<String> names = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                entries.forEach(entry -> names.add(entry.getFileName().toString()));
            }
            return names;
        });
    }

    String readlink() {
        return HostErrors.call(path, () -> Files.readSymbolicLink(path).toString());
    }

    void createFile(int mode) {
        HostErrors.call(path, () -> {
            Files.createFile(path);
            Files.setAttribute(path, "unix:mode", mode);
            return null;
        });
    }

    void createDirectory(int mode) {
        HostErrors.call(path, () -> {
            Files.createDirectory(path);
            Files.setAttribute(path, "unix:mode", mode);
            return null;
        });
    }

    void createDirectories() {
        HostErrors.call(path, () -> Files.createDirectories(path));
    }

    void createLink(String target) {
        HostErrors.call(
                path, () -> Files.createSymbolicLink(path, path.getFileSystem().getPath(target)));
    }

    void delete() {
        HostErrors.call(path, () -> {
            Files.delete(path);
            return null;
        });
    }

    void deleteIfExists() {
        HostErrors.call(path, () -> Files.deleteIfExists(path));
    }

    void moveTo(HostFile target) {
        HostErrors.call(path, () -> Files.move(path, target.path, StandardCopyOption.ATOMIC_MOVE));
    }

    void copyTo(HostFile target) {
        HostErrors.call(
                path,
                () -> Files.copy(path, target.path, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS));
    }

    void chmod(int mode) {
        HostErrors.call(path, () -> Files.setAttribute(path, "unix:mode", mode));
    }

    void utimes(Instant modified) {
        HostErrors.call(path, () -> Files.setLastModifiedTime(path, FileTime.from(modified)));
    }

    /** Opens what is not a directory. */
    Content open(Set<OpenFlag> flags) {
        Set<OpenOption> options = new HashSet<>();
        options.add(LinkOption.NOFOLLOW_LINKS);
        boolean write = flags.contains(OpenFlag.WRITE);
        if (write) {
            options.add(StandardOpenOption.WRITE);
        }
        if (!write || flags.contains(OpenFlag.READ)) {
            options.add(StandardOpenOption.READ);
        }
        FileType type = status().type();
        boolean positions = type == FileType.REGULAR || type == FileType.BLOCK_DEVICE;
        return HostErrors.call(path, () -> new HostContent(path, FileChannel.open(path, options), positions));
    }
}
