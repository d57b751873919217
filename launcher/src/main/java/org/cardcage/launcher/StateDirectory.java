package org.cardcage.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder in which one system at a time keeps its files. What lasts belongs to the system; {@code run/} is the
 * launcher's own and is empty at every start. The lock is on {@code lock}, which holds the process id of the owner.
 */
final class StateDirectory implements AutoCloseable {
    private final Path root;
    private final FileChannel lock;

    private StateDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    static StateDirectory open(Path folder) throws StartException {
        Path root = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root);
            FileChannel lock = FileChannel.open(
                    root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                acquire(root, lock);
                StateDirectory state = new StateDirectory(root, lock);
                deleteTree(state.run());
                Files.createDirectory(state.run());
                return state;
            } catch (IOException | StartException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StartException("state directory " + root + " cannot be used: " + Reason.of(e), e);
        }
    }

    private static void acquire(Path root, FileChannel lock) throws IOException, StartException {
        FileLock held;
        try {
            held = lock.tryLock();
        } catch (OverlappingFileLockException e) {
            held = null;
        }
        if (held == null) {
            throw new StartException(
                    "state directory " + root + " is in use" + owner(lock) + "; choose another one with --state DIR");
        }
        lock.truncate(0);
        lock.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    }

    private static String owner(FileChannel lock) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        lock.read(text, 0);
        String pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
        return pid.isEmpty() ? "" : " by process " + pid;
    }

    Path root() {
        return root;
    }

    /** What lives as long as this run. */
    Path run() {
        return root.resolve("run");
    }

    /** Lets the next system in, which empties {@code run/}. */
    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> walk = Files.walk(tree)) {
            deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
