package org.cardcage.vfs.internal.nio;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Tells of names that appear in directories of the tree and go. Changes of contents are not told: those of devices and attributes
 * are events of their own.
 *
 * <p>Threads: any. The queue holds the keys that have something to tell, and {@code closing} once the service is closed.
 */
final class CageWatchService implements WatchService {

    private final BlockingQueue<CageWatchKey> signalled = new LinkedBlockingQueue<>();
    private final Map<CagePath, CageWatchKey> keys = new ConcurrentHashMap<>();
    private final CageWatchKey closing = new CageWatchKey(this, null, Set.of());
    private final Runnable afterClose;
    private volatile boolean open = true;

    /**
     * @param afterClose run once when it is closed
     */
    CageWatchService(Runnable afterClose) {
        this.afterClose = afterClose;
    }

    /** Watches a directory; the same key for the same directory, with the kinds asked for last. */
    CageWatchKey register(CagePath directory, WatchEvent.Kind<?>... kinds) throws IOException {
        requireOpen();
        if (kinds.length == 0) {
            throw new IllegalArgumentException("no kinds of events");
        }
        for (WatchEvent.Kind<?> kind : kinds) {
            if (kind != StandardWatchEventKinds.ENTRY_CREATE
                    && kind != StandardWatchEventKinds.ENTRY_DELETE
                    && kind != StandardWatchEventKinds.ENTRY_MODIFY
                    && kind != StandardWatchEventKinds.OVERFLOW) {
                throw new UnsupportedOperationException("watching for " + kind.name());
            }
        }
        CagePath path = directory.toRealPath();
        CageWatchKey key = new CageWatchKey(this, directory, Set.of(kinds));
        CageWatchKey kept = keys.merge(path, key, (present, fresh) -> present.isValid() ? present : fresh);
        if (kept != key) {
            kept.setKinds(Set.of(kinds));
            return kept;
        }
        boolean begun = false;
        try {
            key.begin(path);
            begun = true;
        } finally {
            if (!begun) {
                keys.remove(path, key);
            }
        }
        if (!open) { // perhaps the close has not seen it
            key.cancel();
            throw new ClosedWatchServiceException();
        }
        return key;
    }

    void forget(CageWatchKey key) {
        keys.values().remove(key);
    }

    /** The key has something to tell. */
    void signal(CageWatchKey key) {
        signalled.add(key);
    }

    @Override
    public WatchKey poll() {
        requireOpen();
        return real(signalled.poll());
    }

    @Override
    public WatchKey poll(long timeout, TimeUnit unit) throws InterruptedException {
        requireOpen();
        return real(signalled.poll(timeout, unit));
    }

    @Override
    public WatchKey take() throws InterruptedException {
        requireOpen();
        return real(signalled.take());
    }

    /** Whoever finds the mark of the end leaves it for the next. */
    private CageWatchKey real(CageWatchKey key) {
        if (key == closing) {
            signalled.add(closing);
            throw new ClosedWatchServiceException();
        }
        return key;
    }

    private void requireOpen() {
        if (!open) {
            throw new ClosedWatchServiceException();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
        }
        Set.copyOf(keys.values()).forEach(CageWatchKey::cancel);
        signalled.clear();
        signalled.add(closing);
        afterClose.run();
    }
}
