package org.cardcage.vfs.internal.nio;

import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The locks on parts of files. All users live in one process, so a part that is locked is a mistake of whoever locks it again, as
 * {@code java.nio.channels} has it, and nobody ever waits.
 *
 * <p>Threads: any; {@code this} guards the table.
 */
final class FileLocks {

    private static final class Lock extends FileLock {

        private final FileLocks table;
        private final Object file;

        Lock(FileLocks table, Object file, FileChannel channel, long position, long size, boolean shared) {
            super(channel, position, size, shared);
            this.table = table;
            this.file = file;
        }

        @Override
        public boolean isValid() {
            return acquiredBy().isOpen() && table.holds(this);
        }

        @Override
        public void release() throws ClosedChannelException {
            if (!acquiredBy().isOpen()) {
                throw new ClosedChannelException();
            }
            table.remove(this);
        }
    }

    private final Map<Object, List<Lock>> locks = new HashMap<>();

    /**
     * @param file its identity
     * @throws OverlappingFileLockException if a part of it is locked already, in whichever way
     */
    synchronized FileLock lock(Object file, FileChannel channel, long position, long size, boolean shared) {
        Lock lock = new Lock(this, file, channel, position, size, shared);
        List<Lock> present = locks.computeIfAbsent(file, f -> new ArrayList<>());
        if (present.stream().anyMatch(other -> other.overlaps(position, size))) {
            throw new OverlappingFileLockException();
        }
        present.add(lock);
        return lock;
    }

    private synchronized boolean holds(Lock lock) {
        return locks.getOrDefault(lock.file, List.of()).contains(lock);
    }

    private synchronized void remove(Lock lock) {
        locks.computeIfPresent(lock.file, (file, present) -> {
            present.remove(lock);
            return present.isEmpty() ? null : present;
        });
    }

    /** A channel is closed and loses its locks. */
    synchronized void removeAll(FileChannel channel) {
        locks.values().forEach(present -> present.removeIf(lock -> lock.acquiredBy() == channel));
        locks.values().removeIf(List::isEmpty);
    }
}
