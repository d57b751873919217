package org.cardcage.vfs.internal.nio;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;

/**
 * A status in the words of NIO, with the names that the views {@code basic}, {@code posix}, {@code owner} and {@code unix}
 * give to its parts. There is one time only: all others are the same.
 */
record CageAttributes(FileStatus status) implements PosixFileAttributes {

    /** Identity of a file, the same as long as it exists. */
    private record FileKey(int device, long inode) {}

    private static final PosixFilePermission[] BITS = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ,
    };

    static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (int bit = 0; bit < BITS.length; bit++) {
            mode |= permissions.contains(BITS[bit]) ? 1 << bit : 0;
        }
        return mode;
    }

    @Override
    public Set<PosixFilePermission> permissions() {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < BITS.length; bit++) {
            if ((status.permissions() & 1 << bit) != 0) {
                permissions.add(BITS[bit]);
            }
        }
        return permissions;
    }

    @Override
    public UserPrincipal owner() {
        return new CagePrincipal(status.uid(), false);
    }

    @Override
    public GroupPrincipal group() {
        return new CagePrincipal(status.gid(), true);
    }

    @Override
    public FileTime lastModifiedTime() {
        return FileTime.from(status.modified());
    }

    @Override
    public FileTime lastAccessTime() {
        return lastModifiedTime();
    }

    @Override
    public FileTime creationTime() {
        return lastModifiedTime();
    }

    @Override
    public boolean isRegularFile() {
        return status.type() == FileType.REGULAR;
    }

    @Override
    public boolean isDirectory() {
        return status.isDirectory();
    }

    @Override
    public boolean isSymbolicLink() {
        return status.type() == FileType.SYMLINK;
    }

    @Override
    public boolean isOther() {
        return !isRegularFile() && !isDirectory() && !isSymbolicLink();
    }

    @Override
    public long size() {
        return status.size();
    }

    @Override
    public Object fileKey() {
        return new FileKey(status.device(), status.inode());
    }

    /** Device numbers in the encoding of Linux's {@code dev_t} for user space. */
    private long rdev() {
        long major = status.major();
        long minor = status.minor();
        return minor & 0xff | (major & 0xfff) << 8 | (minor & ~0xffL) << 12 | (major & ~0xfffL) << 32;
    }

    /** The parts of a view, or nothing if there is no such view. */
    Map<String, Object> view(String name) {
        Map<String, Object> parts = new LinkedHashMap<>();
        switch (name) {
            case "basic" -> addBasic(parts);
            case "owner" -> parts.put("owner", owner());
            case "posix" -> addPosix(parts);
            case "unix" -> addUnix(parts);
            default -> {
                return parts;
            }
        }
        return parts;
    }

    private void addBasic(Map<String, Object> parts) {
        parts.put("size", size());
        parts.put("lastModifiedTime", lastModifiedTime());
        parts.put("lastAccessTime", lastAccessTime());
        parts.put("creationTime", creationTime());
        parts.put("isRegularFile", isRegularFile());
        parts.put("isDirectory", isDirectory());
        parts.put("isSymbolicLink", isSymbolicLink());
        parts.put("isOther", isOther());
        parts.put("fileKey", fileKey());
    }

    private void addPosix(Map<String, Object> parts) {
        addBasic(parts);
        parts.put("permissions", permissions());
        parts.put("owner", owner());
        parts.put("group", group());
    }

    private void addUnix(Map<String, Object> parts) {
        addPosix(parts);
        parts.put("mode", status.mode());
        parts.put("ino", status.inode());
        parts.put("dev", (long) status.device());
        parts.put("rdev", rdev());
        parts.put("nlink", status.links());
        parts.put("uid", status.uid());
        parts.put("gid", status.gid());
        parts.put("ctime", lastModifiedTime());
    }
}
