package org.cardcage.kmod.internal;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.SystemCalls;

/** Files in memory; only the calls that reading needs. */
public final class TestFiles {

    private record Content(long inode, byte[] bytes, Instant modified) {}

    private final Map<String, Content> files = new TreeMap<>();
    private final List<String> opened = new ArrayList<>();
    private long inodes;

    /** Makes or replaces a file. */
    public TestFiles put(String path, byte[] bytes) {
        files.put(path, new Content(++inodes, bytes, Instant.EPOCH.plusSeconds(inodes)));
        return this;
    }

    void delete(String path) {
        files.remove(path);
    }

    /** Paths in the order of opening. */
    List<String> opened() {
        return opened;
    }

    /** The calls on these files. */
    public SystemCalls calls() {
        return proxy(SystemCalls.class, (method, arguments) -> switch (method) {
            case "open" -> open((String) arguments[1]);
            case "stat" -> stat((String) arguments[1]);
            case "readdir" -> readdir((String) arguments[1]);
            default -> throw new KernelException(Errno.ENOSYS, method);
        });
    }

    private interface Call {
        Object run(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call.run(method.getName(), arguments)));
    }

    private boolean isDirectory(String path) {
        return files.keySet().stream().anyMatch(file -> file.startsWith(path + "/"));
    }

    private FileStatus stat(String path) {
        Content content = files.get(path);
        if (content == null && !isDirectory(path)) {
            throw new KernelException(Errno.ENOENT, path);
        }
        return content == null
                ? new FileStatus(path.hashCode(), 1, FileType.DIRECTORY, 0755, 2, 0, 0, 0, 0, 0, Instant.EPOCH)
                : new FileStatus(
                        content.inode(),
                        1,
                        FileType.REGULAR,
                        0644,
                        1,
                        0,
                        0,
                        content.bytes().length,
                        0,
                        0,
                        content.modified());
    }

    private List<DirectoryEntry> readdir(String path) {
        if (!stat(path).isDirectory()) {
            throw new KernelException(Errno.ENOTDIR, path);
        }
        TreeSet<String> names = new TreeSet<>();
        for (String file : files.keySet()) {
            if (file.startsWith(path + "/")) {
                names.add(file.substring(path.length() + 1).split("/")[0]);
            }
        }
        return names.stream()
                .map(name -> new DirectoryEntry(
                        name,
                        stat(path + "/" + name).type(),
                        stat(path + "/" + name).inode()))
                .toList();
    }

    private OpenFile open(String path) {
        FileStatus status = stat(path);
        opened.add(path);
        return proxy(OpenFile.class, (method, arguments) -> switch (method) {
            case "status" -> status;
            case "pread" -> pread(path, (ByteBuffer) arguments[0], (Long) arguments[1]);
            case "close" -> null;
            default -> throw new KernelException(Errno.ENOSYS, method);
        });
    }

    /** Never more than a thousand bytes, as a read may give less than was asked for. */
    private int pread(String path, ByteBuffer to, long position) {
        byte[] bytes = files.get(path).bytes();
        int count = Math.min(Math.min(to.remaining(), 1000), bytes.length - (int) position);
        to.put(bytes, (int) position, count);
        return count;
    }
}
