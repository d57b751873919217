package org.cardcage.shell.internal.command;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.Credentials;
import org.cardcage.vfs.DirectoryEntry;
import org.cardcage.vfs.DirectoryListener;
import org.cardcage.vfs.FileMapping;
import org.cardcage.vfs.FileStatus;
import org.cardcage.vfs.FileType;
import org.cardcage.vfs.OpenFile;
import org.cardcage.vfs.OpenFlag;
import org.cardcage.vfs.PollEvent;
import org.cardcage.vfs.PollRequest;
import org.cardcage.vfs.SystemCalls;
import org.cardcage.vfs.Whence;

/** A small tree without links in the middle of paths, enough to show what commands make of it. */
public final class FakeTree implements SystemCalls {

    public static final Instant TIME = Instant.parse("2026-11-20T09:21:00Z");

    private record Node(FileStatus status, byte[] content, String target) {}

    private final TreeMap<String, Node> nodes = new TreeMap<>();
    private final Set<String> fileSystems = new TreeSet<>();
    private final Set<String> locked = new TreeSet<>();
    private long inodes = 1;

    public FakeTree() {
        directory("/");
    }

    public void directory(String path) {
        put(path, FileType.DIRECTORY, 0755, 2, new byte[0], 4096, 0, 0, "");
    }

    /** A directory with a file system of its own. */
    public void mount(String path) {
        fileSystems.add(path);
        directory(path);
    }

    /** A file that cannot be removed. */
    public void lock(String path) {
        locked.add(path);
    }

    public boolean has(String path) {
        return nodes.containsKey(path);
    }

    public void file(String path, byte[] content) {
        put(path, FileType.REGULAR, 0644, 1, content, content.length, 0, 0, "");
    }

    public void device(String path, int major, int minor, byte[] content) {
        put(path, FileType.CHAR_DEVICE, 0600, 1, content, 0, major, minor, "");
    }

    public void link(String path, String target) {
        put(path, FileType.SYMLINK, 0777, 1, new byte[0], target.length(), 0, 0, target);
    }

    private void put(
            String path,
            FileType type,
            int permissions,
            int links,
            byte[] content,
            long size,
            int major,
            int minor,
            String target) {
        int device = 1
                + (int) fileSystems.stream()
                        .filter(root -> (path + "/").startsWith(root + "/"))
                        .count();
        FileStatus status = new FileStatus(inodes++, device, type, permissions, links, 0, 0, size, major, minor, TIME);
        nodes.put(path, new Node(status, content, target));
    }

    private Node node(String path, boolean follow) {
        String bare = DirectoryCommands.Cd.normalize(path);
        Node node = nodes.get(bare);
        if (node == null) {
            for (String above = parent(bare); !above.equals("/"); above = parent(above)) {
                if (nodes.containsKey(above) && !nodes.get(above).status().isDirectory()) {
                    throw new KernelException(Errno.ENOTDIR);
                }
            }
            throw new KernelException(Errno.ENOENT);
        }
        if (follow && node.status().type() == FileType.SYMLINK) {
            return node(node.target().startsWith("/") ? node.target() : parent(bare) + "/" + node.target(), true);
        }
        if (path.endsWith("/") && !node.status().isDirectory()) {
            throw new KernelException(Errno.ENOTDIR);
        }
        return node;
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    @Override
    public OpenFile open(Credentials who, String path, Set<OpenFlag> flags, int mode) {
        if (flags.contains(OpenFlag.CREATE) && !nodes.containsKey(path)) {
            node(parent(path), true);
            file(path, new byte[0]);
        }
        Node node = node(path, true);
        if (node.status().isDirectory()) {
            throw new KernelException(Errno.EISDIR);
        }
        if (flags.contains(OpenFlag.TRUNCATE) && node.status().type() == FileType.REGULAR) {
            file(path, new byte[0]);
        }
        return new Opened(node, path);
    }

    @Override
    public FileStatus stat(Credentials who, String path) {
        return node(path, true).status();
    }

    @Override
    public FileStatus lstat(Credentials who, String path) {
        return node(path, false).status();
    }

    @Override
    public String readlink(Credentials who, String path) {
        return node(path, false).target();
    }

    @Override
    public String realpath(Credentials who, String path) {
        return path;
    }

    @Override
    public List<DirectoryEntry> readdir(Credentials who, String path) {
        if (!node(path, true).status().isDirectory()) {
            throw new KernelException(Errno.ENOTDIR);
        }
        String bare = DirectoryCommands.Cd.normalize(path);
        List<DirectoryEntry> entries = new ArrayList<>();
        nodes.forEach((name, node) -> {
            if (!name.equals("/") && parent(name).equals(bare)) {
                entries.add(new DirectoryEntry(
                        name.substring(name.lastIndexOf('/') + 1),
                        node.status().type(),
                        node.status().inode()));
            }
        });
        return entries;
    }

    @Override
    public void access(Credentials who, String path, int mask) {
        node(path, true);
    }

    @Override
    public void mkdir(Credentials who, String path, int mode) {
        if (nodes.containsKey(path)) {
            throw new KernelException(Errno.EEXIST);
        }
        node(parent(path), true);
        directory(path);
    }

    @Override
    public void symlink(Credentials who, String target, String path) {
        if (nodes.containsKey(path)) {
            throw new KernelException(Errno.EEXIST);
        }
        link(path, target);
    }

    @Override
    public void mknod(Credentials who, String path, int mode, int major, int minor) {
        if (nodes.containsKey(path)) {
            throw new KernelException(Errno.EEXIST);
        }
        device(path, major, minor, new byte[0]);
    }

    @Override
    public void unlink(Credentials who, String path) {
        node(path, false);
        if (locked.contains(path)) {
            throw new KernelException(Errno.EACCES);
        }
        nodes.remove(path);
    }

    @Override
    public void rmdir(Credentials who, String path) {
        if (!readdir(who, path).isEmpty()) {
            throw new KernelException(Errno.ENOTEMPTY);
        }
        nodes.remove(path);
    }

    @Override
    public void rename(Credentials who, String from, String to) {
        nodes.put(to, nodes.remove(from));
    }

    @Override
    public void chmod(Credentials who, String path, int mode) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void utimes(Credentials who, String path, Instant modified) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Set<PollEvent>> poll(List<PollRequest> files, long deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Runnable watchDirectory(Credentials who, String path, DirectoryListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Reads at most ten bytes at once, so that callers must go on. */
    private final class Opened implements OpenFile {

        private final Node node;
        private final String path;
        private int position;

        Opened(Node node, String path) {
            this.node = node;
            this.path = path;
        }

        @Override
        public int read(ByteBuffer to) {
            int n = Math.min(Math.min(10, to.remaining()), node.content().length - position);
            to.put(node.content(), position, n);
            position += n;
            return n;
        }

        @Override
        public int write(ByteBuffer from) {
            if (node.status().type() == FileType.CHAR_DEVICE) {
                throw new KernelException(Errno.EINVAL);
            }
            byte[] before = nodes.get(path).content();
            int n = Math.min(10, from.remaining());
            byte[] after = Arrays.copyOf(before, before.length + n);
            from.get(after, before.length, n);
            file(path, after);
            return n;
        }

        @Override
        public int pread(ByteBuffer to, long at) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int pwrite(ByteBuffer from, long at) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long llseek(long offset, Whence whence) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int ioctl(int command, ByteBuffer in, ByteBuffer out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Set<PollEvent> poll() {
            return PollEvent.ALWAYS_READY;
        }

        @Override
        public Runnable watch(Runnable changed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileMapping mmap(long offset, long length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void fsync(boolean dataOnly) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setAsync(Optional<Consumer<PollEvent>> handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void signal(PollEvent event) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileStatus status() {
            return node.status();
        }

        @Override
        public boolean isNonBlocking() {
            return false;
        }

        @Override
        public Object privateData() {
            return null;
        }

        @Override
        public void setPrivateData(Object data) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            position = 0;
        }
    }
}
