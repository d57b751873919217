package org.cardcage.vfs.internal.nio;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.Watchable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.cardcage.vfs.DirectoryListener;

/**
 * A watched directory.
 *
 * <p>Threads: any; names change on the thread that changes them. {@code this} guards all fields.
 */
final class CageWatchKey implements WatchKey, DirectoryListener {

    /** More events than this are told as one overflow. */
    private static final int MAX_EVENTS = 512;

    private record Event<T>(Kind<T> kind, T context, int count) implements WatchEvent<T> {}

    private final CageWatchService service;
    private final CagePath directory;
    private Set<WatchEvent.Kind<?>> kinds;
    private List<WatchEvent<?>> events = new ArrayList<>();
    private boolean signalled;
    private boolean valid = true;
    private Runnable end = () -> {};

    CageWatchKey(CageWatchService service, CagePath directory, Set<WatchEvent.Kind<?>> kinds) {
        this.service = service;
        this.directory = directory;
        this.kinds = kinds;
    }

    /** Listens from now on. */
    void begin(CagePath path) throws IOException {
        Runnable listening = NioErrors.call(
                path,
                null,
                () -> path.getFileSystem().calls().watchDirectory(CageFileSystem.WHO, path.toString(), this));
        synchronized (this) {
            if (valid) {
                end = listening;
                return;
            }
        }
        listening.run();
    }

    synchronized void setKinds(Set<WatchEvent.Kind<?>> others) {
        kinds = others;
    }

    @Override
    public void added(String name) {
        happened(StandardWatchEventKinds.ENTRY_CREATE, name);
    }

    @Override
    public void removed(String name) {
        happened(StandardWatchEventKinds.ENTRY_DELETE, name);
    }

    @Override
    public void directoryRemoved() {
        synchronized (this) {
            signal();
        }
        cancel();
    }

    private synchronized void happened(WatchEvent.Kind<Path> kind, String name) {
        if (!valid || !kinds.contains(kind)) {
            return;
        }
        if (events.size() < MAX_EVENTS) {
            events.add(new Event<>(kind, directory.getFileSystem().getPath(name), 1));
        } else {
            events = new ArrayList<>(List.of(new Event<>(StandardWatchEventKinds.OVERFLOW, null, 1)));
        }
        signal();
    }

    /** Caller holds {@code this}. */
    private void signal() {
        if (!signalled) {
            signalled = true;
            service.signal(this);
        }
    }

    @Override
    public synchronized boolean isValid() {
        return valid;
    }

    @Override
    public synchronized List<WatchEvent<?>> pollEvents() {
        List<WatchEvent<?>> told = events;
        events = new ArrayList<>();
        return told;
    }

    @Override
    public synchronized boolean reset() {
        if (valid && signalled) {
            if (events.isEmpty()) {
                signalled = false;
            } else {
                service.signal(this);
            }
        }
        return valid;
    }

    @Override
    public void cancel() {
        Runnable ended;
        synchronized (this) {
            valid = false;
            ended = end;
            end = () -> {};
        }
        ended.run();
        service.forget(this);
    }

    @Override
    public Watchable watchable() {
        return directory;
    }
}
