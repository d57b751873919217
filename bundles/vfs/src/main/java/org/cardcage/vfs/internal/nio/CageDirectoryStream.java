package org.cardcage.vfs.internal.nio;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The names of a directory as they were when it was opened. Threads: one. */
final class CageDirectoryStream implements DirectoryStream<Path> {

    private final CagePath directory;
    private final List<String> names;
    private final Filter<? super Path> filter;
    private boolean iterated;
    private boolean closed;

    CageDirectoryStream(CagePath directory, List<String> names, Filter<? super Path> filter) {
        this.directory = directory;
        this.names = names;
        this.filter = filter;
    }

    @Override
    public Iterator<Path> iterator() {
        if (closed || iterated) {
            throw new IllegalStateException(closed ? "the directory is closed" : "there is one iterator only");
        }
        iterated = true;
        Iterator<String> remaining = names.iterator();
        return new Iterator<>() {
            private Path next;

            @Override
            public boolean hasNext() {
                while (next == null && !closed && remaining.hasNext()) {
                    Path candidate = directory.resolve(remaining.next());
                    next = accepts(candidate) ? candidate : null;
                }
                return next != null;
            }

            @Override
            public Path next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Path result = next;
                next = null;
                return result;
            }
        };
    }

    private boolean accepts(Path candidate) {
        try {
            return filter.accept(candidate);
        } catch (IOException e) {
            throw new DirectoryIteratorException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
